"""Reads a data folder (labels.csv, img/) and gives equalised 8-bit-derived films, targets and masks; the squeeze is that of the service."""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

NIH = [
    'Atelectasis', 'Cardiomegaly', 'Consolidation', 'Edema', 'Effusion', 'Emphysema', 'Fibrosis', 'Hernia',
    'Infiltration', 'Mass', 'Nodule', 'Pleural_Thickening', 'Pneumonia', 'Pneumothorax',
]
HEADS = [*NIH, 'paediatric-pneumonia', 'tuberculosis', 'any-abnormality']
NIH_SOURCES = ('nih14', 'nih14-128')
TB_SOURCES = ('shenzhen', 'montgomery')


# Where the recipe's config.json lies; the model's folder is above it. Another model that is trained by these scripts names its own.
RECIPE = Path(next((argument.removeprefix('recipe=') for argument in sys.argv[1:] if argument.startswith('recipe=')), Path(__file__).parent)).resolve()
FOLDER = RECIPE.parent


def squeeze(gray: np.ndarray, size: int) -> np.ndarray:
    """gray float32 rows × columns → size × size by Pillow's triangle filter in mode F; the aspect ratio is not kept."""
    picture = Image.fromarray(np.ascontiguousarray(gray, dtype=np.float32))
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR), dtype=np.float32)


def read_gray(path: Path) -> np.ndarray:
    """A JPEG or PNG file → float32 in [0, 1], luminance as Pillow's mode L."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert('L'), dtype=np.float32) / 255


def read_labels(data: Path) -> pd.DataFrame:
    """labels.csv with empty texts instead of missing ones."""
    frame = pd.read_csv(data / 'labels.csv', dtype={'patient_id': str, 'age': str})
    for column in ('findings', 'rsna_class', 'sex', 'view', 'age'):
        frame[column] = frame[column].fillna('')
    return frame


def equalised(data: Path, frame: pd.DataFrame, size: int, cache: Path) -> np.ndarray:
    """All films squeezed to the size that every NIH source has, float16; kept in `cache` because decoding takes a minute."""
    kept = cache / f'films-{size}.npy'
    if kept.exists():
        films = np.load(kept, mmap_mode='r')
        if len(films) == len(frame):
            return films
    films = np.empty((len(frame), size, size), dtype=np.float16)
    for row, file in enumerate(frame['file']):
        films[row] = squeeze(read_gray(data / file), size)
    np.save(kept, films)
    return np.load(kept, mmap_mode='r')


def judged_targets(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Targets and masks for evaluation and calibration: only what the source itself says, films × heads."""
    targets = np.zeros((len(frame), len(HEADS)), dtype=np.float32)
    masks = np.zeros_like(targets)
    source = frame['source'].to_numpy()
    nih = np.isin(source, NIH_SOURCES)
    findings = frame['findings'].str.split('|')
    for column, name in enumerate(NIH):
        targets[:, column] = [name in found for found in findings]
        masks[:, column] = nih
    child = HEADS.index('paediatric-pneumonia')
    masks[:, child] = source == 'kermany'
    targets[:, child] = frame['label'] == 'pneumonia'
    tb = HEADS.index('tuberculosis')
    masks[:, tb] = np.isin(source, TB_SOURCES)
    targets[:, tb] = frame['label'] == 'tuberculosis'
    any_ = HEADS.index('any-abnormality')
    masks[:, any_] = nih
    targets[:, any_] = frame['abnormal']
    return targets * masks, masks


def training_targets(frame: pd.DataFrame, config: dict) -> tuple[np.ndarray, np.ndarray]:
    """As judged_targets, with the radiologists' RSNA classes put in where they are better than the text-mined labels."""
    targets, masks = judged_targets(frame)
    rsna = frame['rsna_class'].to_numpy()
    any_ = HEADS.index('any-abnormality')
    seen = rsna != ''
    targets[seen, any_] = (rsna[seen] != 'Normal').astype(np.float32)
    masks[seen, any_] = config['rsna_weight']
    # nih14 was enriched with the label Pneumonia (26 % against 0.1 % in nih14-128): a network that can tell the two
    # apart by their sharpness would learn the source. On nih14-128 only radiologists' classes teach this head.
    pneumonia = HEADS.index('Pneumonia')
    small = (frame['source'] == 'nih14-128').to_numpy()
    masks[small & ~seen, pneumonia] = targets[small & ~seen, pneumonia]
    # The tuberculosis films come from two places only. Without adults from elsewhere the head called half of the normal NIH
    # films positive; they are presumed free of tuberculosis, at low weight since nobody tested it and the source shows.
    normal = np.isin(frame['source'].to_numpy(), NIH_SOURCES) & (frame['label'] == 'normal').to_numpy() & np.isin(rsna, ('', 'Normal'))
    masks[normal, HEADS.index('tuberculosis')] = config['presumed_free_weight']
    opacity = rsna == 'Lung Opacity'
    targets[opacity, pneumonia] = np.maximum(targets[opacity, pneumonia], config['opacity_target'])
    return targets, masks


def read_config() -> dict:
    """config.json beside this file, over it that of the recipe, over both `KEY=VALUE` arguments (JSON values)."""
    config = json.loads((Path(__file__).parent / 'config.json').read_text()) | json.loads((RECIPE / 'config.json').read_text())
    for argument in sys.argv[1:]:
        key, value = argument.split('=', 1)
        if key == 'recipe':
            continue
        if key not in config:
            raise SystemExit(f'no such setting: {key}')
        try:
            config[key] = json.loads(value)
        except json.JSONDecodeError:
            config[key] = value
    return config
