"""Measures the committed weights again under a new calibration.json: figures, subgroups and films from elsewhere of figures.json; the rest stays."""
import json
from pathlib import Path

import numpy as np

from films import FOLDER, read_config, read_labels
from judge import RESULTS, Judge, elsewhere, judged, subgroups
from serve import write


def main() -> None:
    config = read_config()
    work = Path(config['work'])
    manifest = json.loads((FOLDER / 'model.json').read_text())
    calibration = json.loads((FOLDER / 'calibration.json').read_text())
    result = json.loads((RESULTS / 'figures.json').read_text())
    if result['sha256'] != {each['precision']: each['sha256'] for each in manifest['files']}:
        raise SystemExit('figures.json was measured on other weights: run evaluate.py')
    whole = read_labels(Path(config['data']))
    for split in ('val', 'test'):
        frame = whole[whole['split'] == split].reset_index(drop=True)
        judge = Judge(frame, np.load(work / f'{split}-{config["ship"][0]}.npz')['logits'], calibration)
        judged(judge)
        result[split]['figures'] = judge.rows
        if split == 'test':
            result['subgroups'], result['elsewhere'] = subgroups(judge), elsewhere(judge)
        np.savez(work / f'{split}-judged.npz', chance=judge.chance, decision=judge.decision)
    write(RESULTS / 'figures.json', result)


if __name__ == '__main__':
    main()
