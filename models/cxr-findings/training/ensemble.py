"""What each teacher and the mean answer of all reach on val films, plain, mirrored and by the mean of both: python3 ensemble.py data=… work=… 'teachers=["a.pt", "b.pt"]'."""
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
    views = {'plain': films[rows], 'mirrored': np.ascontiguousarray(films[rows][:, :, ::-1])}
    answers = {Path(path).stem: {view: logits_of(Path(path), seen, config) for view, seen in views.items()} for path in config['teachers']}
    answers['mean'] = {view: np.mean([answer[view] for answer in answers.values()], axis=0) for view in views}
    for name, answer in answers.items():
        for view, logits in (answer | {'both': (answer['plain'] + answer['mirrored']) / 2}).items():
            found = figures(logits, frame.iloc[rows])
            print(json.dumps({'teacher': name, 'film': view} | {key: round(value, 4) for key, value in found.items() if key != 'heads'}))


if __name__ == '__main__':
    main()
