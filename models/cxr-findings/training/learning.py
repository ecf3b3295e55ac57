"""How the areas grow with the number of train films: linear heads on the features of the ImageNet network, on growing shares of patients.

A whole training per point would take a day; linear heads are fitted to the end on every share, so the curve tells of data and not of steps.
"""
from pathlib import Path

import numpy as np
import torch

from evaluate import RESULTS
from serve import write
from films import HEADS, NIH_SOURCES, equalised, read_config, read_labels, training_targets
from network import Lite0, load_pretrained
from train import figures, infer, loss_of

SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
PENALTIES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
SEEDS = 3


def fitted(x: torch.Tensor, targets: torch.Tensor, masks: torch.Tensor, penalty: float) -> torch.Tensor:
    """Weights and bias, features + 1 × heads, of penalised logistic regression."""
    weights = torch.zeros(x.shape[1], targets.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=60, line_search_fn='strong_wolfe')

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = loss_of(x @ weights, targets, masks).mean() + penalty * (weights[:-1] ** 2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights.detach()


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    torch.set_num_threads(config['threads'])
    frame = read_labels(data)
    films = np.asarray(equalised(data, frame, config['equal_size'], work))
    nih = np.isin(frame['source'].to_numpy(), NIH_SOURCES)
    kept = work / 'imagenet-features.npy'
    if not kept.exists():
        network = Lite0(len(HEADS), 0, 0)
        load_pretrained(network)
        _, _, features = infer(network.to(memory_format=torch.channels_last), films, np.flatnonzero(nih), config | {'input_size': 160})
        np.save(kept, features)
    frame = frame[nih].reset_index(drop=True)
    features = np.load(kept)
    targets, masks = (torch.from_numpy(array) for array in training_targets(frame, config))
    split, patients = frame['split'].to_numpy(), frame['patient_id'].to_numpy()
    centre, deviation = features[split == 'train'].mean(axis=0), features[split == 'train'].std(axis=0) + 1e-3
    x = torch.from_numpy(np.concatenate([(features - centre) / deviation, np.ones((len(features), 1))], axis=1).astype(np.float32))
    names, points = np.unique(patients[split == 'train']), []
    for share in SHARES:
        found = []
        for seed in range(SEEDS if share < 1 else 1):
            chosen = np.random.default_rng(config['seed'] + seed).permutation(names)[:int(len(names) * share)]
            rows = np.flatnonzero((split == 'train') & np.isin(patients, chosen))
            best = max((figures((x[split == 'val'] @ weights).numpy(), frame[split == 'val'])['mean-14'], -penalty, weights)
                       for penalty in PENALTIES for weights in [fitted(x[rows], targets[rows], masks[rows], penalty)])[2]
            judged = {part: figures((x[split == part] @ best).numpy(), frame[split == part]) for part in ('val', 'test')}
            found.append([len(rows), *(judged[part][key] for part in ('val', 'test') for key in ('mean-14', 'any-abnormality', 'rsna'))])
        mean = np.mean(found, axis=0)
        points.append({'share': share, 'films': int(mean[0])} | {f'{part} {key}': float(value) for (part, key), value in
                      zip([(part, key) for part in ('val', 'test') for key in ('mean-14', 'any-abnormality', 'rsna')], mean[1:], strict=True)})
        print(points[-1], flush=True)
        write(RESULTS / 'learning-curve.json', points)


if __name__ == '__main__':
    main()
