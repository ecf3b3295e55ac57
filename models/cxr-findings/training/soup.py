"""Checkpoints that started from the same weights in; their mean out (Wortsman et al. 2022, "model soups"): an ensemble at the price of one."""
from pathlib import Path

import torch

from films import read_config


def main() -> None:
    config = read_config()
    work = Path(config['work'])
    states = [torch.load(work / f'{name}.pt', weights_only=True)['ema'] for name in config['soup']]
    mean = {name: sum(state[name] for state in states) / len(states) if first.dtype.is_floating_point else first for name, first in states[0].items()}
    torch.save({'ema': mean, 'config': config, 'epoch': -1}, work / f'{config["run"]}.pt')
    print(f'{config["run"]}.pt is the mean of {", ".join(config["soup"])}')


if __name__ == '__main__':
    main()
