"""Changes a batch of equalised films as another exposure, positioning or scanner would, and brings it to the network's input."""
import math

import torch
from torch.nn import functional as F


def standardise(x: torch.Tensor, floor: float) -> torch.Tensor:
    """Per film: (x - mean) / max(standard deviation, floor); as the tensor room's step of that name."""
    mean = x.mean(dim=(2, 3), keepdim=True)
    deviation = x.std(dim=(2, 3), keepdim=True, unbiased=False)
    return (x - mean) / deviation.clamp(min=floor)


def prepare(x: torch.Tensor, config: dict) -> torch.Tensor:
    """Equalised films, batch × 1 × E × E in [0, 1] → input of the network, without any change of the picture."""
    size = config['input_size']
    return standardise(F.interpolate(x, size=(size, size), mode='bilinear', align_corners=False), config['standardise_floor'])


def between(low: float, high: float, count: int) -> torch.Tensor:
    return low + (high - low) * torch.rand(count)


def placement(count: int, config: dict) -> torch.Tensor:
    """Small turn, zoom, shift and shear, perhaps mirrored: one 2 × 3 matrix per film."""
    angle = between(-10, 10, count) * math.pi / 180
    zoom_x, zoom_y = between(0.85, 1.12, count), torch.exp(between(-0.2, 0.2, count))
    zoom_y = zoom_x * zoom_y
    mirror = 1 - 2 * (torch.rand(count) < config['flip']).float()
    shear = between(-0.08, 0.08, count)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0] = mirror * zoom_x * torch.cos(angle)
    theta[:, 0, 1] = zoom_x * (shear - torch.sin(angle))
    theta[:, 1, 0] = mirror * zoom_y * torch.sin(angle)
    theta[:, 1, 1] = zoom_y * torch.cos(angle)
    theta[:, 0, 2] = between(-0.1, 0.1, count)
    theta[:, 1, 2] = between(-0.1, 0.1, count)
    return theta


def moved(x: torch.Tensor, theta: torch.Tensor, size: int, padding: str) -> torch.Tensor:
    """Films or masks through their matrices, at once with the enlargement; `padding` as in grid_sample."""
    grid = F.affine_grid(theta, [len(x), 1, size, size], align_corners=False)
    return F.grid_sample(x, grid, mode='bilinear', padding_mode=padding, align_corners=False)


def resharpened(x: torch.Tensor) -> torch.Tensor:
    """Half of the films lose or gain sharpness: the source can be told by it, and the label by the source."""
    count = len(x)
    amount = torch.where(torch.rand(count) < 0.6, between(-0.8, 1.0, count), torch.zeros(count)).view(-1, 1, 1, 1)
    kernel = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    soft = F.conv2d(F.pad(x, (2, 2, 2, 2), mode='replicate'), (kernel[:, None] * kernel[None]).view(1, 1, 5, 5))
    x = x + amount.clamp(max=0.9) * (soft - x)
    for row in torch.nonzero(torch.rand(count) < 0.15).flatten().tolist():
        small = int(between(72, 112, 1).item())
        reduced = F.interpolate(x[row:row + 1], size=(small, small), mode='bilinear', antialias=True, align_corners=False)
        x[row:row + 1] = F.interpolate(reduced, size=x.shape[2:], mode='bilinear', align_corners=False)
    return x


def changed(x: torch.Tensor, config: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Equalised films in [0, 1] → augmented input of the network and how each film was placed."""
    count = len(x)
    x = resharpened(x).clamp(0, 1)
    gamma = torch.exp(between(-0.45, 0.45, count)).view(-1, 1, 1, 1)
    x = (x + 1e-4) ** gamma
    noise = (torch.rand(count) < 0.5).float() * between(0, 0.03, count)
    x = x + torch.randn_like(x) * noise.view(-1, 1, 1, 1)
    theta = placement(count, config)
    return standardise(moved(x, theta, config['input_size'], 'border'), config['standardise_floor']), theta
