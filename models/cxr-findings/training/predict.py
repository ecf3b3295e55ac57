"""Runs the exported graph over the films of a split as the service would, one file of outputs per split and precision out."""
import csv
from pathlib import Path

import numpy as np

from serve import FILES, session, tensor_of
from films import FOLDER, HEADS, read_config, read_gray, read_labels


def predicted(run, files: list[Path], config: dict) -> dict[str, np.ndarray]:
    """Every output of the graph for every file, from the JPEG on; stacked along the first axis."""
    names = ['logits', 'maps', 'embedding', 'gate', 'distance']
    parts = []
    for start in range(0, len(files), 8):
        batch = np.stack([tensor_of(read_gray(file), config) for file in files[start:start + 8]])
        parts.append(run.run(names, {'film': batch}))
    return {name: np.concatenate([part[index] for part in parts]) for index, name in enumerate(names)}


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    frame = read_labels(data)
    first = config['ship'][0]
    for precision in config['ship']:
        run = session(FOLDER / config['version'] / FILES[precision])
        for split in config['predict_splits']:
            rows = frame[frame['split'] == split]
            outputs = predicted(run, [data / name for name in rows['file']], config)
            np.savez(work / f'{split}-{precision}.npz', **(outputs if precision == first else {'logits': outputs['logits']}))
            if precision == first:
                with open(work / f'{split}-logits.csv', 'w', newline='', encoding='utf-8') as target:
                    writer = csv.writer(target)
                    writer.writerow(['file', *HEADS])
                    writer.writerows([name, *(f'{value:.6f}' for value in line)] for name, line in zip(rows['file'], outputs['logits'], strict=True))
            print(f'{precision} {split}: {len(rows)} films', flush=True)


if __name__ == '__main__':
    main()
