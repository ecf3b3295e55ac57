"""Trains the gate's branch on train films, turned, inverted and cropped films, and pictures that are none; prints the shares on val films."""
import copy
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from augment import between, standardise
from films import equalised, read_config, read_gray, read_labels, squeeze
from strangers import photographs, stranger

CLASSES = ['chest', 'rotated-90', 'rotated-180', 'rotated-270', 'inverted', 'cropped', 'not-chest', 'blank', 'lateral']


class Gate(nn.Module):
    """The network's input at a quarter of its size, and its deviation (below 1 only where the floor held it) → logits of CLASSES."""

    def __init__(self, classes: int, input_size: int):
        super().__init__()
        side = input_size // 4
        layers, inside = [], 1
        for outside, stride in ((16, 1), (24, 2), (32, 2), (48, 2)):
            layers += [nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()]
            inside, side = outside, -(-side // stride)
        self.layers = nn.Sequential(*layers)
        self.narrow = nn.Sequential(nn.Dropout(0.3), nn.Linear(48 * side * side, 48), nn.ReLU())
        self.last = nn.Linear(48 + 2, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        spread = torch.stack([(x * x).mean(dim=(1, 2, 3)), x.abs().mean(dim=(1, 2, 3))], dim=1)
        x = self.layers(F.avg_pool2d(x, 4))
        return self.last(torch.cat([self.narrow(x.flatten(1)), spread * 4], dim=1))


def window(x: torch.Tensor, box: torch.Tensor, size: int, turn: torch.Tensor) -> torch.Tensor:
    """Cuts a window out of each film; box holds centre x, centre y, half width, half height in [-1, 1]; `turn` in radians."""
    theta = torch.zeros(len(x), 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = box[:, 2] * torch.cos(turn), box[:, 3] * torch.cos(turn)
    theta[:, 0, 1], theta[:, 1, 0] = -box[:, 2] * torch.sin(turn), box[:, 3] * torch.sin(turn)
    theta[:, 0, 2], theta[:, 1, 2] = box[:, 0], box[:, 1]
    return F.grid_sample(x, F.affine_grid(theta, [len(x), 1, size, size], align_corners=False), padding_mode='border', align_corners=False)


def good(count: int) -> torch.Tensor:
    """Windows as in ordinary positioning."""
    return torch.stack([between(-0.07, 0.07, count), between(-0.07, 0.07, count), between(0.86, 1.12, count), between(0.86, 1.12, count)], dim=1)


def cut(count: int) -> torch.Tensor:
    """Windows that miss a large part of the chest: 35 to 62 % of each side, anywhere."""
    width, height = between(0.35, 0.62, count), between(0.35, 0.62, count)
    return torch.stack([(1 - width) * between(-1, 1, count), (1 - height) * between(-1, 1, count), width, height], dim=1)


def exposed(x: torch.Tensor) -> torch.Tensor:
    """Another gamma, contrast, sharpness and noise."""
    count = len(x)
    x = x.clamp(0, 1) ** torch.exp(between(-0.6, 0.6, count)).view(-1, 1, 1, 1)
    contrast = torch.exp(between(-1.2, 0, count)).view(-1, 1, 1, 1)
    x = 0.5 + (x - 0.5) * contrast
    return x + torch.randn_like(x) * between(0, 0.03, count).view(-1, 1, 1, 1) * contrast


def spoilt(x: torch.Tensor, kinds: torch.Tensor, size: int) -> torch.Tensor:
    """Films → films of the class in `kinds` (0 to 5)."""
    count = len(x)
    turn = between(-0.16, 0.16, count)
    box = torch.where((kinds == 5)[:, None], cut(count), good(count))
    x = exposed(window(x, box, size, turn))
    mirrored = torch.rand(count) < 0.3
    x[mirrored] = x[mirrored].flip(3)
    for kind in (1, 2, 3):
        x[kinds == kind] = torch.rot90(x[kinds == kind], -kind, dims=(2, 3))
    x[kinds == 4] = 1 - x[kinds == 4]
    return x


def blank(count: int, size: int) -> torch.Tensor:
    """Nothing on it: one gray, a faint slope, faint noise; at most a small marker."""
    x = torch.rand(count, 1, 1, 1).expand(count, 1, size, size).clone()
    ramp = torch.linspace(-1, 1, size)
    x = x + between(0, 0.008, count).view(-1, 1, 1, 1) * ramp.view(1, 1, 1, -1) + between(0, 0.008, count).view(-1, 1, 1, 1) * ramp.view(1, 1, -1, 1)
    x = x + torch.randn_like(x) * between(0, 0.012, count).view(-1, 1, 1, 1)
    for row in torch.nonzero(torch.rand(count) < 0.3).flatten().tolist():
        top, left = torch.randint(0, size - 10, (2,)).tolist()
        x[row, :, top:top + int(between(2, 8, 1)), left:left + int(between(2, 10, 1))] = torch.rand(1)
    return x


def strangers(count: int, seed: int, chests: np.ndarray, size: int) -> np.ndarray:
    random, stock = np.random.default_rng(seed), photographs()
    return np.stack([stranger(size, random, stock, chests) for _ in range(count)]).astype(np.float16)


def drawn(folder: str, size: int) -> np.ndarray:
    """Phantom pictures of one folder, squeezed as films are."""
    files = sorted(Path(folder).rglob('*.png')) if folder else []
    files = [file for file in files if 'mask' not in str(file)]
    return np.stack([squeeze(read_gray(file), size) for file in files]).astype(np.float16) if files else np.empty((0, size, size), np.float16)


@torch.inference_mode()
def chances(gate: Gate, x: np.ndarray, config: dict) -> np.ndarray:
    """Probabilities of the classes for equalised pictures."""
    gate.eval()
    parts = []
    for start in range(0, len(x), 256):
        batch = torch.from_numpy(x[start:start + 256].astype(np.float32))[:, None]
        batch = F.interpolate(batch, size=(config['input_size'],) * 2, mode='bilinear', align_corners=False)
        parts.append(gate(standardise(batch, config['standardise_floor'])).softmax(dim=1))
    return torch.cat(parts).numpy()


def main() -> None:
    config = read_config()
    work, size = Path(config['work']), config['equal_size']
    torch.manual_seed(config['seed'])
    torch.set_num_threads(config['threads'])
    data = Path(config['data'])
    frame = read_labels(data)
    films = np.asarray(equalised(data, frame, size, work))
    split = frame['split'].to_numpy()
    train, val = films[split == 'train'], films[split == 'val']
    foreign = np.concatenate([strangers(config['gate_strangers'], config['seed'], train, size),
                              *[drawn(f'{config["phantoms"]}/{kind}', size) for kind in ('hand', 'knee', 'skull', 'abdomen', 'pattern') for _ in range(6) if config['phantoms']]])
    # Real lateral films are not in the data: this class knows drawn ones only.
    lateral = drawn(f'{config["phantoms"]}/lateral', size) if config['phantoms'] else foreign[:1]
    phantoms = drawn(f'{config["phantoms"]}/chest', size) if config['phantoms'] else train[:0]
    chests = np.concatenate([train, phantoms])
    gate = Gate(len(CLASSES), config['input_size'])
    average = copy.deepcopy(gate)
    optimiser = torch.optim.AdamW(gate.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=config['gate_steps'], pct_start=0.2)
    random = np.random.default_rng(config['seed'])
    for step in range(config['gate_steps']):
        kinds = torch.from_numpy(random.choice(6, size=96, p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]))
        x = torch.from_numpy(chests[random.integers(0, len(chests), 96)].astype(np.float32))[:, None]
        other = torch.from_numpy(foreign[random.integers(0, len(foreign), 32)].astype(np.float32))[:, None]
        other = exposed(window(other, good(32), size, between(-0.3, 0.3, 32)))
        turned = torch.rand(32) < 0.3
        other[turned] = torch.rot90(other[turned], int(random.integers(1, 4)), dims=(2, 3))
        side = torch.from_numpy(lateral[random.integers(0, len(lateral), 8)].astype(np.float32))[:, None]
        side = exposed(window(side, good(8), size, between(-0.16, 0.16, 8)))
        side = torch.where(torch.rand(8, 1, 1, 1) < 0.5, side.flip(3), side)
        x = torch.cat([spoilt(x, kinds, size), other, blank(8, size), side])
        target = torch.cat([kinds, torch.full((32,), 6), torch.full((8,), 7), torch.full((8,), 8 if config['phantoms'] else 6)])
        x = F.interpolate(x, size=(config['input_size'],) * 2, mode='bilinear', align_corners=False)
        gate.train()
        loss = F.cross_entropy(gate(standardise(x, config['standardise_floor'])), target, label_smoothing=0.01)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for slow, fast in zip(average.state_dict().values(), gate.state_dict().values(), strict=True):
                if slow.dtype.is_floating_point:
                    slow.lerp_(fast, 1 - min(0.995, (1 + step) / (10 + step)))
        if step % 100 == 99:
            print(f'gate step {step + 1} loss {loss.item():.4f}', flush=True)
    torch.save({'gate': average.state_dict(), 'classes': CLASSES, 'config': config}, work / 'gate.pt')
    result = {'chest': chances(average, val, config)[:, 0]}
    for name, x in (('rotated-90', np.rot90(val, -1, (1, 2))), ('rotated-180', np.rot90(val, 2, (1, 2))), ('rotated-270', np.rot90(val, 1, (1, 2))),
                    ('inverted', 1 - val), ('not-chest', strangers(600, config['seed'] + 1, val, size))):
        result[name] = chances(average, np.ascontiguousarray(x), config)[:, 0]
    for limit in (0.2, 0.3, 0.5):
        print(json.dumps({'limit': limit, 'good refused': float((result['chest'] < limit).mean())} |
                         {name: float((p < limit).mean()) for name, p in result.items() if name != 'chest'}), flush=True)


if __name__ == '__main__':
    main()
