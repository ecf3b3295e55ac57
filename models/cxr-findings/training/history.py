"""Calibrated answers on nih14-128 films of a split in; the history that `haidang alerts simulate` replays out, to try a policy on."""
import datetime
import json
from pathlib import Path

import numpy as np

from films import FOLDER, HEADS, NIH, judged_targets, read_config, read_labels

SEVERITY = {'critical': 'critical', 'urgent': 'warning', 'routine': 'info'}


def main() -> None:
    config = read_config()
    work, split = Path(config['work']), config['predict_splits'][0]
    frame = read_labels(Path(config['data']))
    frame = frame[frame['split'] == split].reset_index(drop=True)
    judged, (targets, _) = np.load(work / f'{split}-judged.npz'), judged_targets(frame)
    calibration = json.loads((FOLDER / 'calibration.json').read_text())
    starts = [head['positiveFrom'] for head in calibration['heads']]
    priority = {head['code']: head['priority'] for head in json.loads((FOLDER / 'model.json').read_text())['heads']}
    at, lines = datetime.datetime.fromisoformat('2026-11-01T00:00:00+07:00'), []
    for row in np.flatnonzero((frame['source'] == 'nih14-128').to_numpy()):
        # A film every eight minutes, in the order of the collection: there a patient's films stand together.
        at += datetime.timedelta(minutes=8)
        findings = [{'rule': f'{config["model"]["id"]}/{head}', 'severity': SEVERITY[priority[head]], 'probability': float(chance),
                     'positive': bool(chance >= start), 'present': bool(present)}
                    for head, chance, start, present in zip(HEADS, judged['chance'][row], starts, targets[row], strict=True) if head in NIH]
        lines.append(json.dumps({'at': at.isoformat(), 'patient': frame['patient_id'][row], 'study': frame['file'][row], 'findings': findings}))
    (work / f'{split}-history.jsonl').write_text('\n'.join(lines) + '\n')
    positive = [finding for line in lines for finding in json.loads(line)['findings'] if finding['positive'] and finding['severity'] == 'critical']
    low = [finding for finding in positive if finding['probability'] < 0.2]
    print(f'calibration {calibration["version"]}: {len(lines)} films, {len(positive)} positive for what is critical, {sum(f["present"] for f in positive)} truly; '
          f'below 20 % {len(low)}, {sum(f["present"] for f in low)} truly')


if __name__ == '__main__':
    main()
