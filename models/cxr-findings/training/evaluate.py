"""Writes figures.json, every number of the card, from the outputs of the exported graph and calibration.json."""
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from films import FOLDER, HEADS, NIH, NIH_SOURCES, RECIPE, TB_SOURCES, equalised, judged_targets, read_config, read_labels, squeeze
from gate import drawn, strangers
from judge import RESULTS, Judge, elsewhere, interval, judged, resampled, share, subgroups
from regions import phantoms
from serve import session, tensor_of, write
from train import figures as steering


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
