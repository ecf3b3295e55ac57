"""The same short training on growing shares of the train patients, equally many steps each; results/learning-curve.json out."""
import json
import subprocess
import sys
from pathlib import Path

from export import write
from evaluate import RESULTS
from films import read_config, read_labels

SHARES = (0.125, 0.25, 0.5, 1.0)
KEYS = ('mean-14', 'any-abnormality', 'rsna', 'paediatric-pneumonia', 'tuberculosis')


def main() -> None:
    config = read_config()
    work = Path(config['work'])
    train = read_labels(Path(config['data']))
    films = int((train['split'] == 'train').sum())
    points = []
    for share in SHARES:
        name = f'curve-{share}'
        log = work / f'{name}.jsonl'
        log.unlink(missing_ok=True)
        # Small and mostly frozen: the curve is about data, not about the best that can be had.
        small = ['input_size=112', 'frozen_blocks=5', f'epochs={round(config["curve_epochs"] / share)}', 'phantoms=', 'start=', 'region_weight=0', f'run={name}', f'train_share={share}', 'minutes=0', 'judge_every=0']
        subprocess.run([sys.executable, str(Path(__file__).parent / 'train.py'), *sys.argv[1:], *small], check=True)
        last = json.loads(log.read_text().splitlines()[-1])
        points.append({'share': share, 'films': round(films * share)} | {key: last[key] for key in KEYS})
        print(points[-1], flush=True)
        write(RESULTS / 'learning-curve.json', points)


if __name__ == '__main__':
    main()
