"""results/figures.json, model.json, calibration.json and the training log in; card.json, card.md and the plots out. No number is typed by hand."""
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_curve

from films import FOLDER, HEADS, NIH_SOURCES, RECIPE, TB_SOURCES, judged_targets, read_config, read_labels
from judge import RESULTS
from serve import write

SHOWN = [('nih', 'any-abnormality'), ('rsna', 'any-abnormality'), ('kermany', 'paediatric-pneumonia'), ('shenzhen+montgomery', 'tuberculosis')]
COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd']


def curve(points: list[list[tuple[float, float]]], labels: list[str], axes: tuple[str, str], diagonal: bool) -> str:
    """A small line plot as SVG: points in [0, 1] × [0, 1]."""
    size, left, top = 300, 50, 12
    place = lambda x, y: f'{left + x * size:.1f},{top + (1 - y) * size:.1f}'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + size + 16} {top + size + 44 + 16 * len(labels)}" font-family="sans-serif" font-size="11">',
             f'<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="none" stroke="#888"/>']
    for step in range(6):
        value = step / 5
        parts.append(f'<text x="{left + value * size:.0f}" y="{top + size + 14}" text-anchor="middle">{value:.1f}</text>')
        parts.append(f'<text x="{left - 6}" y="{top + (1 - value) * size + 4:.0f}" text-anchor="end">{value:.1f}</text>')
    if diagonal:
        parts.append(f'<polyline points="{place(0, 0)} {place(1, 1)}" fill="none" stroke="#bbb" stroke-dasharray="4"/>')
    for index, line in enumerate(points):
        colour = COLOURS[index % len(COLOURS)]
        parts.append(f'<polyline points="{" ".join(place(x, y) for x, y in line)}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        parts.append(f'<text x="{left}" y="{top + size + 44 + 16 * index}" fill="{colour}">{labels[index]}</text>')
    parts.append(f'<text x="{left + size / 2}" y="{top + size + 28}" text-anchor="middle">{axes[0]}</text>')
    parts.append(f'<text x="14" y="{top + size / 2}" text-anchor="middle" transform="rotate(-90 14 {top + size / 2})">{axes[1]}</text></svg>')
    return '\n'.join(parts) + '\n'


def plots(config: dict) -> None:
    """ROC and reliability of the four summary questions on test."""
    frame = read_labels(Path(config['data']))
    frame = frame[frame['split'] == 'test'].reset_index(drop=True)
    chance = np.load(Path(config['work']) / 'test-judged.npz')['chance']
    targets, _ = judged_targets(frame)
    source, rsna = frame['source'].to_numpy(), frame['rsna_class'].to_numpy()
    rows = {'nih': np.isin(source, NIH_SOURCES), 'rsna': np.isin(rsna, ('Lung Opacity', 'Normal')), 'kermany': source == 'kermany',
            'shenzhen+montgomery': np.isin(source, TB_SOURCES)}
    rocs, names, reliable, reliable_names = [], [], [], []
    for name, head in SHOWN:
        chosen = rows[name]
        target = (rsna == 'Lung Opacity')[chosen] if name == 'rsna' else targets[chosen, HEADS.index(head)] > 0
        score = chance[chosen, HEADS.index(head)]
        x, y, _ = roc_curve(target, score)
        keep = np.unique(np.linspace(0, len(x) - 1, 120).astype(int))
        rocs.append(list(zip(x[keep], y[keep], strict=True)))
        names.append(f'{name}: {head}')
    honest = source == 'nih14-128'
    for head in ('any-abnormality', 'Effusion', 'Infiltration', 'Atelectasis'):
        score, target = chance[honest, HEADS.index(head)], targets[honest, HEADS.index(head)]
        bins = np.minimum((score * 10).astype(int), 9)
        reliable.append([(float(score[bins == i].mean()), float(target[bins == i].mean())) for i in range(10) if (bins == i).sum() >= 20])
        reliable_names.append(f'nih14-128: {head} (bins of 20 films or more)')
    (FOLDER / 'roc.svg').write_text(curve(rocs, names, ('1 - specificity', 'sensitivity'), True), encoding='utf-8')
    (FOLDER / 'reliability.svg').write_text(curve(reliable, reliable_names, ('predicted probability', 'observed share'), True), encoding='utf-8')


def spelled(row: dict) -> str:
    if row['value'] is None:
        return row.get('note', 'not defined')
    return f'{row["value"]:.3f} ({row["lower"]:.3f} to {row["upper"]:.3f})'


def table(header: list[str], rows: list[list[str]]) -> str:
    return '\n'.join([f'| {" | ".join(header)} |', f'|{"---|" * len(header)}', *(f'| {" | ".join(row)} |' for row in rows)]) + '\n'


def pick(figures: list[dict], source: str, finding: str, metric: str) -> dict:
    for row in figures:
        if (row['source'], row['finding'], row['metric']) == (source, finding, metric):
            return row
    return {'value': None, 'note': 'too few', 'n': 0, 'positives': 0}


def trained_on(config: dict) -> list[dict]:
    frame = read_labels(Path(config['data']))
    train = frame[frame['split'] == 'train']
    return [{'source': source, 'films': len(rows), 'patients': int(rows['patient_id'].nunique()), 'abnormal': int(rows['abnormal'].sum())}
            for source, rows in train.groupby('source')]


def main() -> None:
    config = read_config()
    result = json.loads((RESULTS / 'figures.json').read_text())
    manifest = json.loads((FOLDER / 'model.json').read_text())
    calibration = json.loads((FOLDER / 'calibration.json').read_text())
    words = json.loads((RECIPE / 'card-words.json').read_text())
    learning = json.loads((RESULTS / 'learning-curve.json').read_text()) if (RESULTS / 'learning-curve.json').exists() else []
    plots(config)
    test = result['test']['figures']
    card = {**words, 'model': {'id': manifest['id'], 'version': manifest['version'], 'title': manifest['title'], 'licence': manifest['licence'], 'files': manifest['files']},
            'trainedOn': trained_on(config), 'calibration': {'version': calibration['version'], 'method': calibration['method'], 'errorRate': calibration['errorRate']},
            'performance': result, 'learningCurve': learning}
    write(FOLDER / 'card.json', card)
    parts = [f'# {manifest["title"]["en"]} ({manifest["id"]}, version {manifest["version"]})\n',
             'Generated by `training/card.py` from `training/results/figures.json`; do not edit. Fields follow the CHAI Applied Model Card.\n']
    for section in words['sections']:
        parts.append(f'## {section["title"]}\n')
        parts.append('\n'.join(section['text']) + '\n')
    parts.append('## Trained on\n')
    parts.append(table(['source', 'films', 'patients', 'abnormal'], [[row['source'], str(row['films']), str(row['patients']), str(row['abnormal'])] for row in card['trainedOn']]))
    parts.append('## Performance on the test split\n\nPer source, never pooled over labels; 95 % intervals by bootstrap over patients. Val figures steered the training and are in card.json.\n')
    rows = []
    for source, finding in [('nih', 'mean-14'), *SHOWN]:
        row = pick(test, source, finding, 'auroc')
        rows.append([source, f'{finding} ({row["note"]})' if row['value'] is not None and 'note' in row else finding, spelled(row), str(row['n']), str(row['positives'])])
    parts.append(table(['source', 'finding', 'AUROC (95 % interval)', 'films', 'positives'], rows))
    parts.append('![ROC](roc.svg) ![Reliability](reliability.svg)\n')
    for source in ('nih', 'nih14', 'nih14-128'):
        parts.append(f'### {source}\n')
        lines = []
        for finding in [*HEADS[:14], 'any-abnormality']:
            auroc = pick(test, source, finding, 'auroc')
            lines.append([finding, str(auroc['positives']), spelled(auroc), *(spelled(pick(test, source, finding, metric)) for metric in ('ece', 'coverage', 'indeterminate-share', 'sensitivity', 'false-negative-rate'))])
        parts.append(table(['finding', 'positives', 'AUROC', 'ECE', 'coverage', 'indeterminate', 'called positive of positives', 'called negative of positives'], lines))
    parts.append(f'Stated error rate of the conformal sets: {calibration["errorRate"]}.\n')
    parts.append('### Children and tuberculosis\n')
    lines = [[source, finding, *(spelled(pick(test, source, finding, metric)) for metric in ('auroc', 'ece', 'coverage', 'indeterminate-share', 'sensitivity', 'specificity'))]
             for source, finding in [('kermany', 'paediatric-pneumonia'), ('shenzhen+montgomery', 'tuberculosis'), ('shenzhen', 'tuberculosis'), ('montgomery', 'tuberculosis')]]
    parts.append(table(['source', 'finding', 'AUROC', 'ECE', 'coverage', 'indeterminate', 'sensitivity', 'specificity'], lines))
    parts.append('The tuberculosis head on NIH films of the test split, whose patients were not tested for it: share called positive.\n')
    parts.append(table(['films', 'called positive', 'n'], [[row['films'], spelled(row), str(row['n'])] for row in result['elsewhere']]))
    parts.append('## Subgroups (any abnormality, NIH test films)\n')
    groups = sorted({row['subgroup'] for row in result['subgroups']})
    lines = []
    for group in groups:
        of = {row['metric']: row for row in result['subgroups'] if row['subgroup'] == group}
        lines.append([group, str(of['auroc']['n']), str(of['auroc']['positives']), spelled(of['auroc']), *(spelled(of[metric]) if metric in of else 'too few' for metric in ('sensitivity', 'false-negative-rate', 'specificity'))])
    parts.append(table(['group', 'films', 'positives', 'AUROC', 'sensitivity', 'false-negative rate', 'specificity'], lines))
    parts.append('## Heatmaps\n\nPointing game: the strongest cell lies in a radiologist’s box (RSNA lung opacity).\n')
    parts.append(table(['split', 'head', 'hits', 'films'], [[split, row['finding'], spelled(row), str(row['n'])] for split in ('val', 'test') for row in result[split]['pointing']]))
    if 'phantom-pointing' in result['test']:
        parts.append('Lesions of synthetic films of other seeds; `exact`: centre of the strongest cell in the mask, `cell`: the cell touches it.\n')
        parts.append(table(['lesion', 'n', 'exact', 'cell'], [[row['finding'], str(row['n']), f'{row["exact"]:.3f}', f'{row["cell"]:.3f}'] for row in result['test']['phantom-pointing']]))
    parts.append('## Gate\n\nPictures made from test films and drawn ones; `refused` is by either rule.\n')
    parts.append(table(['pictures', 'n', 'refused', 'by class', 'by distance'], [[row['set'], str(row['n']), *(f'{row[key]:.3f}' for key in ('refused', 'by-class', 'by-distance'))] for row in result['gate']]))
    parts.append('## Precisions\n')
    lines = []
    for file in manifest['files']:
        area, base = result['test']['precisions'][file['precision']], result['test']['precisions'][config['ship'][0]]
        lines.append([file['precision'], f'{file["bytes"] / 1e6:.1f} MB', f'{result["milliseconds"][file["precision"]]:.1f}', *(f'{area[key] - base[key]:+.4f}' for key in area)])
    parts.append(table(['precision', 'size', 'ms per film, one core', *(f'Δ {key}' for key in result['test']['precisions'][config['ship'][0]])], lines))
    if learning:
        parts.append('## Learning curve\n\nLinear heads on fixed ImageNet features, fitted on a share of the NIH train patients (mean over three draws): what more films would bring, whatever the network. AUROC.\n')
        keys = [key for key in learning[0] if key not in ('share', 'films')]
        parts.append(table(['share', 'films', *keys], [[f'{row["share"]:.2f}', str(row['films']), *(f'{row[key]:.3f}' for key in keys)] for row in learning]))
    (FOLDER / 'card.md').write_text('\n'.join(parts), encoding='utf-8')


if __name__ == '__main__':
    main()
