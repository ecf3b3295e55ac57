"""The checkpoints of two runs from one start in, the mean of their weights out (Wortsman 2022): `means=[run, run]`, `mean_share` of the second."""
from pathlib import Path

import torch

from films import read_config


def main() -> None:
    config = read_config()
    work = Path(config['work'])
    first, second = (torch.load(work / f'{run}.pt', weights_only=True) for run in config['means'])
    share = config['mean_share']
    mean = {
        name: torch.lerp(value, second['ema'][name], share) if value.dtype.is_floating_point else second['ema'][name]
        for name, value in first['ema'].items()
    }
    torch.save(second | {'ema': mean}, work / f'{config["run"]}.pt')


if __name__ == '__main__':
    main()
