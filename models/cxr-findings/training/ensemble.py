"""What the mean answer of the teachers reaches on val films, without any training: python3 ensemble.py data=… work=… 'teachers=["a.pt", "b.pt"]'."""
import json
from pathlib import Path

import numpy as np
import torch

from films import equalised, read_config, read_labels
from train import figures, logits_of


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    torch.set_num_threads(config['threads'])
    frame = read_labels(data)
    films = np.asarray(equalised(data, frame, config['equal_size'], work))
    rows = np.flatnonzero(((frame['split'] == 'val') & (frame['source'] != 'hannover')).to_numpy())
    logits = [logits_of(Path(path), films[rows], config) for path in config['teachers']]
    for name, answer in [*zip(config['teachers'], logits, strict=True), ('mean', np.mean(logits, axis=0))]:
        found = figures(answer, frame.iloc[rows])
        print(json.dumps({'teacher': Path(name).stem} | {key: round(value, 4) for key, value in found.items() if key != 'heads'}))


if __name__ == '__main__':
    main()
