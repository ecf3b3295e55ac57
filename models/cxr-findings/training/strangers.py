"""Draws pictures that are no chest film (slices, limbs, pages, textures, photographs, shuffled films), for teaching and testing the gate."""
import glob
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from films import squeeze

Random = np.random.Generator


def unit(picture: np.ndarray) -> np.ndarray:
    low, high = np.percentile(picture, (0.5, 99.5))
    return np.clip((picture - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)


def grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    return np.meshgrid(axis, axis)


def ellipse(size: int, random: Random, radius: tuple[float, float], spread: float) -> np.ndarray:
    """Signed nearness to an ellipse: above 0 inside."""
    x, y = grid(size)
    x, y = x - random.uniform(-spread, spread), y - random.uniform(-spread, spread)
    turn = random.uniform(0, np.pi)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    a, b = random.uniform(*radius), random.uniform(*radius)
    return 1 - np.sqrt((u / a) ** 2 + (v / b) ** 2)


def cloud(size: int, random: Random, slope: float) -> np.ndarray:
    """Noise whose power falls with frequency to the given power."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None]) + 1 / size
    spectrum = np.fft.fft2(random.normal(size=(size, size))) / frequency ** slope
    return unit(np.fft.ifft2(spectrum).real)


def trunk_slice(size: int, random: Random) -> np.ndarray:
    """Like a CT or MR slice: an oval body on black with a rim, organs, a bright vertebra."""
    body = ellipse(size, random, (0.55, 0.95), 0.08)
    picture = np.where(body > 0, random.uniform(0.3, 0.6), 0.0)
    picture = np.where((body > 0) & (body < random.uniform(0.05, 0.15)), random.uniform(0.15, 0.9), picture)
    for _ in range(random.integers(2, 9)):
        organ = ellipse(size, random, (0.08, 0.4), 0.5)
        picture = np.where((organ > 0) & (body > 0.1), random.uniform(0, 0.8), picture)
    for _ in range(random.integers(0, 4)):
        bone = ellipse(size, random, (0.03, 0.12), 0.6)
        picture = np.where((bone > 0) & (body > 0.05), random.uniform(0.8, 1), picture)
    picture = ndimage.gaussian_filter(picture, random.uniform(0.3, 1.5)) + 0.1 * (body > 0) * cloud(size, random, 1)
    return unit(picture + random.normal(0, random.uniform(0, 0.05), picture.shape))


def head_slice(size: int, random: Random) -> np.ndarray:
    """Like a slice or film of a head: bright scalp, dark or bright skull, mottled brain, dark ventricles."""
    head = ellipse(size, random, (0.6, 0.9), 0.08)
    skull = random.uniform(0.04, 0.12)
    brain = np.where(head > skull, 0.4 + 0.3 * cloud(size, random, 1.2), 0.0)
    picture = np.where((head > 0) & (head <= skull), random.uniform(0, 1), brain)
    picture = np.where((head > -0.06) & (head <= 0), random.uniform(0.3, 1), picture)
    for _ in range(random.integers(0, 4)):
        hollow = ellipse(size, random, (0.04, 0.25), 0.25)
        picture = np.where((hollow > 0) & (head > skull), random.uniform(0, 1), picture)
    return unit(ndimage.gaussian_filter(picture, random.uniform(0.3, 1.2)) + random.normal(0, 0.02, picture.shape))


def bar(size: int, random: Random, ends: np.ndarray, width: float) -> np.ndarray:
    x, y = grid(size)
    (x0, y0), (x1, y1) = ends
    length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-6)
    along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
    away = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
    swell = 1 + random.uniform(0, 0.8) * np.abs(along * 2 - 1) ** 4
    return width * swell - away


def limb(size: int, random: Random) -> np.ndarray:
    """Like an extremity: bones as long bars with a bright cortex in a soft halo on a dark ground."""
    picture = np.full((size, size), random.uniform(0, 0.2))
    count = int(random.choice([1, 2, 2, 3, 5, 9]))
    lean = random.uniform(-np.pi, np.pi)
    for index in range(count):
        middle = np.array([(index - (count - 1) / 2) * random.uniform(0.2, 0.5), random.uniform(-0.2, 0.2)])
        direction = np.array([random.normal(0, 0.15), 1.0]) * random.uniform(0.3, 1.4)
        turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
        ends = np.stack([middle - direction, middle + direction]) @ turn.T
        width = random.uniform(0.03, 0.2) / np.sqrt(count) * 1.3
        bone = bar(size, random, ends, width)
        flesh = bar(size, random, ends, width * random.uniform(1.5, 3.5))
        picture = np.maximum(picture, np.where(flesh > 0, random.uniform(0.25, 0.45), 0))
        picture = np.where(bone > 0, np.where(bone < width * 0.3, random.uniform(0.8, 1), random.uniform(0.5, 0.8)), picture)
    picture = ndimage.gaussian_filter(picture, random.uniform(0.4, 1.5)) + 0.08 * cloud(size, random, 1.2)
    return unit(picture)


def fan(size: int, random: Random) -> np.ndarray:
    """Like an ultrasound picture: a speckled sector."""
    x, y = grid(size)
    apex = random.uniform(-1.3, -0.9)
    angle, radius = np.arctan2(x, y - apex), np.hypot(x, y - apex)
    inside = (np.abs(angle) < random.uniform(0.4, 0.9)) & (radius > random.uniform(0.1, 0.4)) & (radius < random.uniform(1.5, 2))
    return unit(inside * cloud(size, random, random.uniform(0.6, 1.4)) * random.gamma(2, 0.5, x.shape))


def page(size: int, random: Random) -> np.ndarray:
    """Like a page, form, table or chart."""
    big = Image.new('L', (size * 2, size * 2), int(random.integers(200, 256)))
    draw = ImageDraw.Draw(big)
    top = 8
    while top < size * 2 - 12:
        left = int(random.integers(4, 40))
        draw.text((left, top), ''.join(random.choice(list('abcdefghij klmno prstuv 0123456789'), size=int(random.integers(5, 40)))), fill=int(random.integers(0, 90)))
        top += int(random.integers(10, 30))
    for _ in range(random.integers(0, 6)):
        corner = random.integers(0, size * 2, 4)
        box = [*np.minimum(corner[:2], corner[2:]).tolist(), *np.maximum(corner[:2], corner[2:]).tolist()]
        draw.rectangle(box, outline=0, fill=int(random.integers(0, 255)) if random.random() < 0.4 else None)
    picture = squeeze(np.asarray(big, dtype=np.float32) / 255, size)
    return 1 - picture if random.random() < 0.3 else picture


def pattern(size: int, random: Random) -> np.ndarray:
    """Gratings, boards, ramps, noise, steps, disks."""
    x, y = grid(size)
    turn, rate = random.uniform(0, np.pi), random.uniform(0.5, 25)
    wave = x * np.cos(turn) + y * np.sin(turn)
    kind = random.integers(0, 6)
    if kind == 0:
        picture = np.sin(wave * rate)
    elif kind == 1:
        picture = np.sign(np.sin(x * rate)) * np.sign(np.sin(y * rate))
    elif kind == 2:
        picture = wave + random.uniform(0, 1) * (x * x + y * y)
    elif kind == 3:
        picture = random.normal(size=x.shape)
    elif kind == 4:
        picture = np.round(wave * random.uniform(1, 5))
    else:
        picture = sum(random.uniform(-1, 1) * (ellipse(size, random, (0.1, 0.6), 0.8) > 0) for _ in range(random.integers(1, 8)))
    picture = unit(np.asarray(picture, dtype=np.float32) + random.normal(0, 1e-3, x.shape))
    return unit(picture + random.uniform(0, 0.2) * cloud(size, random, 1))


def photographs() -> list[np.ndarray]:
    """The few photographs that scikit-image and scikit-learn carry with them."""
    import skimage
    import sklearn

    found = []
    for folder in (f'{Path(skimage.__file__).parent}/data', f'{Path(sklearn.__file__).parent}/datasets/images'):
        for file in sorted(glob.glob(f'{folder}/*.png') + glob.glob(f'{folder}/*.jpg')):
            with Image.open(file) as picture:
                found.append(np.asarray(picture.convert('RGB'), dtype=np.float32) / 255)
    return found


def photograph(size: int, random: Random, stock: list[np.ndarray]) -> np.ndarray:
    """A crop of a photograph, one colour of it, perhaps turned or inverted."""
    picture = stock[random.integers(len(stock))]
    side = int(random.uniform(0.25, 1) * min(picture.shape[:2]))
    top, left = random.integers(0, picture.shape[0] - side + 1), random.integers(0, picture.shape[1] - side + 1)
    colour = random.dirichlet(np.ones(3))
    crop = squeeze(picture[top:top + side, left:left + side] @ colour.astype(np.float32), size)
    crop = np.rot90(crop, random.integers(4))
    return unit(1 - crop if random.random() < 0.3 else crop)


def shuffled(size: int, random: Random, chest: np.ndarray) -> np.ndarray:
    """Parts of a chest film in a wrong order: the textures are those of a film, the anatomy is not."""
    parts = int(random.integers(2, 5))
    side = size // parts
    tiles = [chest[r * side:(r + 1) * side, c * side:(c + 1) * side] for r in range(parts) for c in range(parts)]
    order = random.permutation(len(tiles))
    while (order == np.arange(len(tiles))).mean() > 0.3:
        order = random.permutation(len(tiles))
    rows = [np.concatenate([tiles[order[r * parts + c]] for c in range(parts)], axis=1) for r in range(parts)]
    return squeeze(np.concatenate(rows, axis=0), size)


def collage(size: int, random: Random, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Two or four films side by side, as on a screenshot."""
    half = squeeze(first, size)
    other = squeeze(second, size)
    row = np.concatenate([half, other], axis=1)
    if random.random() < 0.4:
        row = np.concatenate([row, row[:, ::-1]], axis=0)
    return squeeze(row, size)


def stranger(size: int, random: Random, stock: list[np.ndarray], chests: np.ndarray) -> np.ndarray:
    """One picture that is no chest film, size × size in [0, 1]."""
    kind = random.choice(['slice', 'head', 'limb', 'fan', 'page', 'pattern', 'cloud', 'photograph', 'shuffled', 'collage'],
                         p=[0.16, 0.12, 0.2, 0.05, 0.07, 0.1, 0.06, 0.12, 0.08, 0.04])
    pick = lambda: chests[random.integers(len(chests))].astype(np.float32)
    if kind == 'slice':
        picture = trunk_slice(size, random)
    elif kind == 'head':
        picture = head_slice(size, random)
    elif kind == 'limb':
        picture = limb(size, random)
    elif kind == 'fan':
        picture = fan(size, random)
    elif kind == 'page':
        picture = page(size, random)
    elif kind == 'pattern':
        picture = pattern(size, random)
    elif kind == 'cloud':
        picture = cloud(size, random, random.uniform(0.3, 2.2))
    elif kind == 'photograph':
        picture = photograph(size, random, stock)
    elif kind == 'shuffled':
        picture = shuffled(size, random, pick())
    else:
        picture = collage(size, random, pick(), pick())
    return picture ** np.exp(random.uniform(-0.5, 0.5))
