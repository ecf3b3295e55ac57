"""Outputs of the exported graph and calibration.json in; figures.json out: every number of the card, with patient-clustered intervals."""
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from export import session, tensor_of, write
from films import FOLDER, HEADS, NIH, NIH_SOURCES, RECIPE, TB_SOURCES, equalised, judged_targets, read_config, read_labels, squeeze
from gate import drawn, strangers
from regions import phantoms
from train import figures as steering

RESULTS = RECIPE / 'results'
FEWEST = 10
REPLICATES = 1000


def auroc(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share of pairs in the right order, per row of weights (replicates × films)."""
    order = np.argsort(chance, kind='stable')
    positive, negative = weights[:, order] * target[order], weights[:, order] * (1 - target[order])
    with np.errstate(invalid='ignore', divide='ignore'):
        return (positive * np.cumsum(negative, axis=1)).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1))


def auprc(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    order = np.argsort(-chance, kind='stable')
    weights = weights[:, order]
    positive = weights * target[order]
    with np.errstate(invalid='ignore', divide='ignore'):
        precision = np.nan_to_num(np.cumsum(positive, axis=1) / np.cumsum(weights, axis=1))
        return (positive * precision).sum(axis=1) / positive.sum(axis=1)


def ece(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ten bins of equal width (Naeini 2015), as in the evaluation room."""
    bins = np.eye(10)[np.minimum((chance * 10).astype(int), 9)]
    return np.abs((weights * (chance - target)) @ bins).sum(axis=1) / weights.sum(axis=1)


def brier(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return (weights @ ((target - chance) ** 2)) / weights.sum(axis=1)


def share(hit: np.ndarray, counted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    with np.errstate(invalid='ignore', divide='ignore'):
        return (weights @ (hit & counted).astype(float)) / (weights @ counted.astype(float))


METRICS = {'auroc': auroc, 'auprc': auprc, 'ece': ece, 'brier': brier}


def resampled(patients: np.ndarray, seed: int) -> np.ndarray:
    """(1 + replicates) × films: first all films once, then patients drawn with replacement, all films of one together."""
    names, inverse = np.unique(patients, return_inverse=True)
    random = np.random.default_rng(seed)
    counts = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=REPLICATES)
    return np.concatenate([np.ones((1, len(patients))), counts[:, inverse].astype(float)])


def interval(values: np.ndarray) -> dict:
    """Statistic of all films first, then of the replicates → value and 95 % percentile interval."""
    drawn_values = values[1:][np.isfinite(values[1:])]
    if not np.isfinite(values[0]) or len(drawn_values) == 0:
        return {'value': None, 'lower': None, 'upper': None}
    lower, upper = np.quantile(drawn_values, (0.025, 0.975))
    return {'value': float(values[0]), 'lower': float(lower), 'upper': float(upper)}


class Judge:
    """Collects the figures of one split."""

    def __init__(self, frame: pd.DataFrame, logits: np.ndarray, calibration: dict):
        self.frame, self.rows = frame, []
        self.source = frame['source'].to_numpy()
        self.patients = frame['patient_id'].to_numpy().astype(str)
        self.targets, self.masks = judged_targets(frame)
        heads = calibration['heads']
        self.chance = np.stack([1 / (1 + np.exp(-(head['slope'] * logits[:, i] + head['intercept']))) for i, head in enumerate(heads)], axis=1)
        self.decision = np.stack([np.where(self.chance[:, i] >= head['positiveFrom'], 1, np.where(self.chance[:, i] <= head['negativeTo'], -1, 0))
                                  for i, head in enumerate(heads)], axis=1)

    def question(self, source: str, finding: str, rows: np.ndarray, target: np.ndarray) -> None:
        column = HEADS.index(finding)
        chance, decision = self.chance[rows, column], self.decision[rows, column]
        target = target[rows].astype(float)
        base = {'source': source, 'finding': finding, 'n': int(len(target)), 'positives': int(target.sum()), 'patients': int(len(set(self.patients[rows])))}
        if target.sum() < FEWEST or len(target) - target.sum() < FEWEST:
            self.rows.append(base | {'metric': 'auroc', 'value': None, 'lower': None, 'upper': None, 'note': 'too few'})
            return
        draws = resampled(self.patients[rows], 20260101)
        for name, metric in METRICS.items():
            self.rows.append(base | {'metric': name} | interval(metric(target, chance, draws)))
        positive, negative = target == 1, target == 0
        for name, hit, counted in (('sensitivity', decision == 1, positive), ('specificity', decision == -1, negative),
                                   ('false-negative-rate', decision == -1, positive), ('false-positive-rate', decision == 1, negative),
                                   ('coverage', np.where(positive, decision != -1, decision != 1), positive | negative),
                                   ('indeterminate-share', decision == 0, positive | negative)):
            self.rows.append(base | {'metric': name} | interval(share(hit, counted, draws)))

    def mean14(self, source: str, rows: np.ndarray) -> None:
        """The mean over the findings that enough films support."""
        targets, chance = self.targets[rows][:, :14], self.chance[rows][:, :14]
        enough = [i for i in range(14) if FEWEST <= targets[:, i].sum() <= len(targets) - FEWEST]
        draws = resampled(self.patients[rows], 20260101)
        # A replicate without a positive of some finding counts the others.
        values = np.nanmean([auroc(targets[:, i], chance[:, i], draws) for i in enough], axis=0)
        row = {'source': source, 'finding': 'mean-14', 'metric': 'auroc', 'n': int(len(targets)), 'positives': int((targets.max(axis=1)).sum()),
               'patients': int(len(set(self.patients[rows])))}
        note = {} if len(enough) == 14 else {'note': f'mean over {len(enough)} findings; too few films for the others'}
        self.rows.append(row | interval(values) | note)


def judged(judge: Judge) -> None:
    frame, source = judge.frame, judge.source
    nih = np.isin(source, NIH_SOURCES)
    for name, rows in (('nih', nih), ('nih14', source == 'nih14'), ('nih14-128', source == 'nih14-128')):
        judge.mean14(name, rows)
        for finding in [*NIH, 'any-abnormality']:
            judge.question(name, finding, rows, judge.targets[:, HEADS.index(finding)])
    rsna = frame['rsna_class'].to_numpy()
    opacity = np.isin(rsna, ('Lung Opacity', 'Normal'))
    judge.question('rsna', 'any-abnormality', opacity, rsna == 'Lung Opacity')
    judge.question('kermany', 'paediatric-pneumonia', source == 'kermany', judge.targets[:, HEADS.index('paediatric-pneumonia')])
    tb = HEADS.index('tuberculosis')
    judge.question('shenzhen+montgomery', 'tuberculosis', np.isin(source, TB_SOURCES), judge.targets[:, tb])
    for one in TB_SOURCES:
        judge.question(one, 'tuberculosis', source == one, judge.targets[:, tb])


def elsewhere(judge: Judge) -> list[dict]:
    """What the tuberculosis head says of adults of another country, who were not tested for it: the share that it calls positive."""
    rows = []
    nih, label = np.isin(judge.source, NIH_SOURCES), judge.frame['label'].to_numpy()
    positive = judge.decision[:, HEADS.index('tuberculosis')] == 1
    for name, group in (('NIH, no finding', nih & (label == 'normal')), ('NIH, any finding', nih & (label != 'normal'))):
        draws = resampled(judge.patients[group], 20260101)
        rows.append({'films': name, 'n': int(group.sum())} | interval(share(positive[group], np.ones(group.sum(), dtype=bool), draws)))
    return rows


def subgroups(judge: Judge) -> list[dict]:
    """Any abnormality on NIH by age band, sex and view; TB and children by sex are not known here."""
    frame, rows = judge.frame, []
    nih = np.isin(judge.source, NIH_SOURCES)
    age = pd.to_numeric(frame['age'], errors='coerce').to_numpy()
    groups = {'sex F': frame['sex'].to_numpy() == 'F', 'sex M': frame['sex'].to_numpy() == 'M',
              'view PA': frame['view'].to_numpy() == 'PA', 'view AP': frame['view'].to_numpy() == 'AP'}
    for low, high in ((0, 17), (18, 39), (40, 59), (60, 74), (75, 120)):
        groups[f'age {low} to {high}'] = (age >= low) & (age <= high)
    for name, group in groups.items():
        inner = Judge.__new__(Judge)
        inner.__dict__ = judge.__dict__ | {'rows': []}
        inner.question('nih', 'any-abnormality', nih & group, judge.targets[:, HEADS.index('any-abnormality')])
        rows += [row | {'subgroup': name} for row in inner.rows if row['metric'] in ('auroc', 'sensitivity', 'specificity', 'false-negative-rate')]
    return rows


def pointing(maps: np.ndarray, frame: pd.DataFrame, boxes: pd.DataFrame) -> list[dict]:
    """Share of films with RSNA boxes where the strongest cell's centre lies inside a box, per head that could be shown for it."""
    found = []
    boxed = boxes[boxes['finding'] == 'Lung Opacity'].groupby('file')
    rows = [row for row, file in enumerate(frame['file']) if file in boxed.groups]
    cells = maps.shape[2:]
    for name, heads in (('Pneumonia', ['Pneumonia']), ('Infiltration', ['Infiltration']), ('Consolidation', ['Consolidation']), ('any-abnormality', ['any-abnormality'])):
        hits = []
        for row in rows:
            summed = sum(maps[row, HEADS.index(head)] for head in heads)
            top = int(summed.argmax())
            x, y = (top % cells[1] + 0.5) / cells[1], (top // cells[1] + 0.5) / cells[0]
            box = boxed.get_group(frame['file'].iloc[row])
            hits.append(bool(((box.x <= x) & (x <= box.x + box.w) & (box.y <= y) & (y <= box.y + box.h)).any()))
        hits = np.array(hits)
        patients = frame['patient_id'].to_numpy().astype(str)[rows]
        found.append({'source': 'rsna', 'finding': name, 'metric': 'pointing-game', 'n': len(rows), 'positives': len(rows)} |
                     interval(share(hits, np.ones(len(hits), dtype=bool), resampled(patients, 20260101))))
    return found


def phantom_pointing(run, config: dict) -> list[dict]:
    """Share of lesions of phantoms of other seeds where the strongest cell of the lesion's own head lies in the mask, per finding and over all."""
    frame, films, regions = phantoms(Path(config['phantoms_test']) / 'chest', config['equal_size'])
    hits: dict[str, list[bool]] = {}
    side = config['equal_size']
    for film, found in zip(films, regions, strict=True):
        if not found:
            continue
        maps = run.run(['maps'], {'film': tensor_of(film.astype(np.float32), config)[None]})[0][0]
        for head, mask in found:
            top = int(maps[head].argmax())
            row, column = divmod(top, maps.shape[2])
            y, x = int((row + 0.5) / maps.shape[1] * side), int((column + 0.5) / maps.shape[2] * side)
            # A cell that touches the mask counts: the peak is drawn as the whole cell, and many lesions are smaller than one.
            reach = side // (2 * maps.shape[1])
            exact, near = mask[y, x] > 0, mask[max(0, y - reach):y + reach + 1, max(0, x - reach):x + reach + 1].any()
            hits.setdefault(HEADS[head], []).append((bool(exact), bool(near)))
    lesions = [pair for name, pairs in hits.items() if name != 'any-abnormality' for pair in pairs]
    return [{'finding': name, 'n': len(pairs), 'exact': float(np.mean([pair[0] for pair in pairs])), 'cell': float(np.mean([pair[1] for pair in pairs]))}
            for name, pairs in [('all lesions', lesions), *sorted(hits.items())] if pairs]


def gate_figures(run, films: np.ndarray, config: dict, manifest: dict) -> list[dict]:
    """Shares that the pixel gate refuses, of good films and of spoilt ones, all made from films of the split."""
    pixels, limit = manifest['gate']['pixels'], manifest['gate']['distance']['maximum']
    sets = {'good': films, 'rotated-90': np.rot90(films, -1, (1, 2)), 'rotated-180': np.rot90(films, 2, (1, 2)),
            'rotated-270': np.rot90(films, 1, (1, 2)), 'inverted': 1 - films, 'not-chest (drawn)': strangers(500, config['seed'] + 7, films, config['equal_size']),
            'cropped to a quarter': np.stack([squeeze(film[:56, :56].astype(np.float32), config['equal_size']) for film in films])}
    for kind in ('hand', 'knee', 'skull', 'abdomen', 'lateral', 'pattern', 'chest'):
        x = drawn(f'{config["phantoms_test"]}/{kind}', config['equal_size']) if config['phantoms_test'] else films[:0]
        if len(x):
            sets[f'phantom {kind}'] = x
    figures = []
    for name, x in sets.items():
        by_class, by_distance = [], []
        for start in range(0, len(x), 32):
            batch = np.stack([tensor_of(one.astype(np.float32), config) for one in x[start:start + 32]])
            gate, distance = run.run(['gate', 'distance'], {'film': batch})
            chest = np.exp(gate - gate.max(axis=1, keepdims=True))
            by_class.append(chest[:, 0] / chest.sum(axis=1) < pixels['minimumChestProbability'])
            by_distance.append(distance[:, 0] > limit)
        first, second = np.concatenate(by_class), np.concatenate(by_distance)
        figures.append({'set': name, 'n': len(x), 'refused': float((first | second).mean()), 'by-class': float(first.mean()), 'by-distance': float(second.mean())})
    return figures


def speed(run, config: dict) -> dict:
    """Milliseconds per film of the graph alone on one core, median of 40."""
    tensor = np.zeros((1, 1, config['input_size'], config['input_size']), np.float32)
    times = []
    for _ in range(40):
        begun = time.perf_counter()
        run.run(['logits', 'maps', 'embedding', 'gate', 'distance'], {'film': tensor})
        times.append((time.perf_counter() - begun) * 1000)
    return float(np.median(times))


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    RESULTS.mkdir(exist_ok=True)
    manifest = json.loads((FOLDER / 'model.json').read_text())
    calibration = json.loads((FOLDER / 'calibration.json').read_text())
    whole = read_labels(data)
    boxes = pd.read_csv(data / 'boxes.csv')
    films = equalised(data, whole, config['equal_size'], work)
    result = {'model': manifest['id'], 'version': manifest['version'], 'sha256': {each['precision']: each['sha256'] for each in manifest['files']}}
    parity = {}
    for split in ('val', 'test'):
        frame = whole[whole['split'] == split].reset_index(drop=True)
        outputs = np.load(work / f'{split}-{config["ship"][0]}.npz')
        judge = Judge(frame, outputs['logits'], calibration)
        judged(judge)
        steered = steering(outputs['logits'], frame)
        parity[split] = steered
        result[split] = {'figures': judge.rows, 'pointing': pointing(outputs['maps'], frame, boxes)}
        if split == 'test' and config['phantoms_test']:
            result[split]['phantom-pointing'] = phantom_pointing(session(FOLDER / manifest['files'][0]['file']), config)
        variants = {}
        for file in manifest['files']:
            other = steering(np.load(work / f'{split}-{file["precision"]}.npz')['logits'], frame)
            variants[file['precision']] = {key: other[key] for key in ('mean-14', 'rsna', 'any-abnormality', 'paediatric-pneumonia', 'tuberculosis')}
        result[split]['precisions'] = variants
        if split == 'test':
            result['subgroups'] = subgroups(judge)
            result['elsewhere'] = elsewhere(judge)
            run = session(FOLDER / manifest['files'][0]['file'])
            result['gate'] = gate_figures(run, np.asarray(films[whole['split'] == 'test']), config, manifest)
        np.savez(work / f'{split}-judged.npz', chance=judge.chance, decision=judge.decision)
        print(split, json.dumps({key: round(value, 4) for key, value in steered.items() if key != 'heads'}), flush=True)
        print(split, 'pointing', {row['finding']: round(row['value'], 3) for row in result[split]['pointing']})
    result['milliseconds'] = {file['precision']: speed(session(FOLDER / file['file']), config) for file in manifest['files']}
    for row in result['gate']:
        print('gate', row)
    print(result['milliseconds'])
    write(RESULTS / 'figures.json', result)
    write(RECIPE / 'parity.json', parity)


if __name__ == '__main__':
    main()
