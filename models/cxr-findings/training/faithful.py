"""How far the maps can be believed on val films: the service's faithfulness score against radiologists' boxes; helps to choose the bar."""
import json
from pathlib import Path

import numpy as np
import pandas as pd

from serve import FILES, session, tensor_of
from films import FOLDER, HEADS, read_config, read_gray, read_labels, squeeze


def score(run, tensor: np.ndarray, head: int, maps: np.ndarray, logit: float) -> float:
    """The strongest fifth of the map blurred against the weakest fifth blurred, as src/explanation/faithfulness.ts."""
    size = tensor.shape[-1]
    fill = squeeze(squeeze(tensor[0], 8), size)
    evidence = squeeze(maps, size)
    count = round(size * size * 0.2)
    order = np.argsort(-evidence.ravel(), kind='stable')
    copies = []
    for pixels in (order[:count], order[-count:]):
        copy = tensor[0].ravel().copy()
        copy[pixels] = fill.ravel()[pixels]
        copies.append(copy.reshape(1, size, size))
    again = run.run(['logits'], {'film': np.stack(copies)})[0][:, head]
    drop, other = logit - again[0], logit - again[1]
    return float((drop - other) / (abs(drop) + abs(other) + 0.1))


def main() -> None:
    config = read_config()
    data = Path(config['data'])
    frame = read_labels(data)
    frame = frame[(frame['split'] == 'val') & (frame['rsna_class'] == 'Lung Opacity')].reset_index(drop=True)
    boxes = pd.read_csv(data / 'boxes.csv')
    boxes = boxes[boxes['finding'] == 'Lung Opacity'].groupby('file')
    run = session(FOLDER / config['version'] / FILES[config['ship'][0]])
    for name in ('any-abnormality', 'Pneumonia', 'Infiltration', 'Consolidation'):
        head, rows = HEADS.index(name), []
        for file in frame['file']:
            tensor = tensor_of(read_gray(data / file), config)
            logits, maps = run.run(['logits', 'maps'], {'film': tensor[None]})
            top = int(maps[0, head].argmax())
            x, y = (top % maps.shape[3] + 0.5) / maps.shape[3], (top // maps.shape[3] + 0.5) / maps.shape[2]
            box = boxes.get_group(file)
            hit = bool(((box.x <= x) & (x <= box.x + box.w) & (box.y <= y) & (y <= box.y + box.h)).any())
            rows.append((score(run, tensor, head, maps[0, head], float(logits[0, head])), hit))
        values, hits = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
        print(json.dumps({'head': name, 'quartiles': np.round(np.quantile(values, (0, 0.25, 0.5, 0.75)), 3).tolist(), 'hits': round(float(hits.mean()), 3)} |
                         {f'hits above {bar}': [round(float(hits[values >= bar].mean()), 3), int((values >= bar).sum())] for bar in (0.0, 0.2, 0.4, 0.6)}))


if __name__ == '__main__':
    main()
