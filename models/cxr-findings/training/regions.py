"""Radiologists' boxes of train films and lesion masks of phantoms in; per film the places where a head's map should be high out."""
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch.nn import functional as F

from films import HEADS, read_gray, squeeze

Region = tuple[int, np.ndarray]

# RSNA's boxes mark opacities suspicious for pneumonia; which of these words the report used is chance.
OPACITY = ('Pneumonia', 'Infiltration', 'Consolidation', 'any-abnormality')
NAMES = {'Infiltrate': 'Infiltration'}


def boxed(frame: pd.DataFrame, boxes: pd.DataFrame, size: int) -> dict[int, list[Region]]:
    """Row of the film → (head, mask size × size in 0/1), from boxes of the train split only."""
    row_of = {file: row for row, file in enumerate(frame['file'])}
    found: dict[int, list[Region]] = {}
    for (file, finding), group in boxes.groupby(['file', 'finding']):
        row = row_of.get(file)
        if row is None or frame['split'].iloc[row] != 'train':
            continue
        mask = np.zeros((size, size), dtype=np.float32)
        for box in group.itertuples():
            left, top = int(round(box.x * size)), int(round(box.y * size))
            mask[top:max(top + 1, int(round((box.y + box.h) * size))), left:max(left + 1, int(round((box.x + box.w) * size)))] = 1
        heads = OPACITY if finding == 'Lung Opacity' else (NAMES.get(finding, finding), 'any-abnormality')
        found.setdefault(row, []).extend((HEADS.index(head), mask) for head in heads if head in HEADS)
    return found


def phantoms(folder: Path, size: int) -> tuple[pd.DataFrame, np.ndarray, list[list[Region]]]:
    """Labels, films and regions of a folder of synthetic films; each lesion has a mask of its own."""
    frame = pd.read_csv(folder / 'labels.csv', dtype=str, keep_default_na=False)
    boxes = pd.read_csv(folder / 'boxes.csv', dtype=str)
    films = np.stack([squeeze(read_gray(folder / file), size) for file in frame['file']]).astype(np.float16)
    lesions = {file: group for file, group in boxes.groupby('file')}
    regions: list[list[Region]] = []
    for file in frame['file']:
        own, union = [], np.zeros((size, size), dtype=np.float32)
        for lesion in lesions[file].itertuples() if file in lesions else ():
            mask = (squeeze(read_gray(folder / lesion.mask), size) > 0.3).astype(np.float32)
            union = np.maximum(union, mask)
            if lesion.finding in HEADS:
                own.append((HEADS.index(lesion.finding), mask))
        if union.any():
            own.append((HEADS.index('any-abnormality'), union))
        regions.append(own)
    return frame, films, regions


def phantom_targets(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Only the findings that a phantom can have are taught by it."""
    drawn = sorted({name for text in frame['findings'] for name in text.split('|') if name in HEADS})
    targets, masks = np.zeros((len(frame), len(HEADS)), np.float32), np.zeros((len(frame), len(HEADS)), np.float32)
    for name in drawn:
        targets[:, HEADS.index(name)] = [name in text.split('|') for text in frame['findings']]
        masks[:, HEADS.index(name)] = 1
    any_ = HEADS.index('any-abnormality')
    targets[:, any_] = frame['abnormal'].astype(float)
    masks[:, any_] = 1
    return targets, masks


def region_loss(maps: torch.Tensor, placed: torch.Tensor, chosen: list[tuple[int, int]]) -> torch.Tensor:
    """Mean over (film, head) of -log of the share of the map's softmax that falls on the region; `placed`: one mask per pair."""
    cells = F.adaptive_avg_pool2d(placed, maps.shape[2:]).flatten(1).clamp(0, 1)
    film, head = torch.tensor(chosen).T
    share = maps[film, head].flatten(1).softmax(dim=1)
    # A cell counts fully when half of it lies in the region: small lesions fill no cell.
    inside = (share * (2 * cells).clamp(max=1)).sum(dim=1)
    usable = cells.amax(dim=1) > 0.2
    return -(torch.log(inside + 1e-4) * usable).sum() / max(1, len(chosen))
