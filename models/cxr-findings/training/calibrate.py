"""Fits calibration.json (Platt per head at a declared prevalence, conformal operating points) to the validation outputs, and prints the gate's limits."""
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq, minimize

from films import FOLDER, HEADS, NIH, TB_SOURCES, judged_targets, read_config, read_labels
from predict import predicted
from serve import FILES, session, write

# Where each head is calibrated: NIH findings on the films of honest prevalence.
FEW = 20


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def platt(logits: np.ndarray, target: np.ndarray, typical: float, strength: float) -> tuple[float, float]:
    """Slope (> 0) and intercept by penalised likelihood; the slope is drawn to the typical one as strongly as `strength` positives would."""
    def loss(parameters: np.ndarray) -> float:
        score = np.exp(parameters[0]) * logits + parameters[1]
        return float(np.logaddexp(0, score).sum() - (target * score).sum() + strength * (parameters[0] - np.log(typical)) ** 2)

    start = np.array([np.log(typical), np.log((target.sum() + 0.5) / (len(target) - target.sum() + 0.5))])
    found = minimize(loss, start, method='Nelder-Mead', options={'maxiter': 4000, 'xatol': 1e-6, 'fatol': 1e-8}).x
    return float(np.exp(found[0])), float(found[1])


def weighted_platt(positives: np.ndarray, negatives: np.ndarray, prevalence: float) -> tuple[float, float]:
    """Slope from both classes at equal weight; intercept such that the mean probability of a population with this prevalence is the prevalence."""
    def loss(parameters: np.ndarray) -> float:
        slope, intercept = np.exp(parameters[0]), parameters[1]
        return float(np.logaddexp(0, -(slope * positives + intercept)).mean() + np.logaddexp(0, slope * negatives + intercept).mean())

    slope = float(np.exp(minimize(loss, np.zeros(2), method='Nelder-Mead', options={'maxiter': 4000, 'xatol': 1e-6, 'fatol': 1e-8}).x[0]))

    def excess(intercept: float) -> float:
        return prevalence * sigmoid(slope * positives + intercept).mean() + (1 - prevalence) * sigmoid(slope * negatives + intercept).mean() - prevalence

    return slope, float(brentq(excess, -30, 30))


def operating_points(chance: np.ndarray, target: np.ndarray, error: float) -> tuple[float, float]:
    """Class-conditional split conformal: at most `error` of positives at or below the second, of negatives at or above the first.

    Finite-sample ranks as in Vovk 2012; with too few cases of a class the point is out of reach (1 or 0) and nothing is claimed.
    """
    negatives, positives = np.sort(chance[target == 0])[::-1], np.sort(chance[target == 1])
    above, below = int(np.floor(error * (len(negatives) + 1))), int(np.floor(error * (len(positives) + 1)))
    positive_from = float(np.nextafter(negatives[above - 1], 1)) if above >= 1 else 1.0
    negative_to = float(np.nextafter(positives[below - 1], 0)) if below >= 1 else 0.0
    if negative_to > positive_from:
        # A head that is good enough leaves no room for doubt: one point, where both errors stay below the stated rate.
        middle = float(np.sqrt(negative_to * positive_from))
        return middle, float(np.nextafter(middle, 0))
    return positive_from, negative_to


def print_worklist(chance: np.ndarray, heads: list[dict], frame) -> None:
    """What the operating points do to a worklist of adults: of NIH val films, how many become urgent."""
    said = {head['code']: head['priority'] for head in json.loads((FOLDER / 'model.json').read_text())['heads']}
    positive = chance >= [head['positiveFrom'] for head in heads]
    adults = [place for place, head in enumerate(heads) if head['code'] != 'paediatric-pneumonia']
    urgent = [place for place in adults if said[heads[place]['code']] != 'routine']
    nih = np.isin(frame['source'], ('nih14', 'nih14-128'))
    normal = nih & (frame['label'] == 'normal').to_numpy()
    wanted = [heads[place]['code'] for place in urgent if heads[place]['code'] in NIH]
    labelled = nih & frame['findings'].fillna('').str.split('|').map(lambda found: not set(found).isdisjoint(wanted)).to_numpy()
    print(f'normal NIH films: {positive[np.ix_(normal, adults)].sum(axis=1).mean():.2f} positive findings a film, '
          f'{positive[np.ix_(normal, urgent)].any(axis=1).mean():.2f} become urgent; of films with an urgent label {positive[np.ix_(labelled, urgent)].any(axis=1).mean():.2f}')


def read_children(data: Path, config: dict) -> tuple:
    """Normal NIH films of children of one to ten, test patients left out, with their logits."""
    frame = read_labels(data)
    age = pd.to_numeric(frame['age'], errors='coerce')
    wanted = np.isin(frame['source'], ('nih14', 'nih14-128')) & (frame['label'] == 'normal') & (frame['split'] != 'test') & (age >= 1) & (age <= 10)
    frame = frame[wanted].reset_index(drop=True)
    run = session(FOLDER / config['version'] / FILES[config['ship'][0]])
    return frame, predicted(run, [data / name for name in frame['file']], config)['logits'].astype(np.float64)


def print_calibration(heads: list[dict], logits: np.ndarray, targets: np.ndarray, normal: np.ndarray) -> None:
    """At the declared prevalence: the median probability of normal NIH films, and the mean probability over the prevalence."""
    column = HEADS.index('tuberculosis')
    head = heads[column]
    chance = sigmoid(head['slope'] * logits[:, column] + head['intercept'])
    share = head['prevalence']['value']
    mean = share * chance[targets[:, column] == 1].mean() + (1 - share) * chance[normal].mean()
    print(f'tuberculosis at a prevalence of {share:.2%}: median of normal NIH films {np.median(chance[normal]):.2%}, mean probability over prevalence {mean / share:.2f}')


def main() -> None:
    config = read_config()
    data, work = Path(config['data']), Path(config['work'])
    frame = read_labels(data)
    frame = frame[frame['split'] == 'val'].reset_index(drop=True)
    outputs = np.load(work / f'val-{config["ship"][0]}.npz')
    logits = outputs['logits'].astype(np.float64)
    targets, masks = judged_targets(frame)
    source = frame['source'].to_numpy()
    honest = source == 'nih14-128'
    groups = {name: honest for name in [*NIH, 'any-abnormality']} | {'paediatric-pneumonia': source == 'kermany', 'tuberculosis': np.isin(source, TB_SOURCES)}
    adults = source != 'kermany'
    # Both were collected with far more disease than any clinic sees, so that each has a declared prevalence, and normal films from
    # elsewhere among its negatives: normal adults of the NIH for tuberculosis, normal NIH children for the children's head (it was never
    # trained on an NIH film, so those of the train split are new to it).
    normal = np.isin(source, ('nih14', 'nih14-128')) & (frame['label'] == 'normal').to_numpy() & np.isin(frame['rsna_class'], ('', 'Normal'))
    children, child_logits = read_children(data, config)
    elsewhere = {
        'tuberculosis': logits[normal, HEADS.index('tuberculosis')],
        'paediatric-pneumonia': child_logits[:, HEADS.index('paediatric-pneumonia')],
    }
    slopes = []
    for column, head in enumerate(HEADS):
        rows = groups[head]
        if head in NIH and targets[rows, column].sum() >= FEW:
            slopes.append(platt(logits[rows, column], targets[rows, column], 1.0, 0.0)[0])
    typical = float(np.median(slopes))
    heads, chances = [], []
    for column, head in enumerate(HEADS):
        rows, dataset = groups[head], '+'.join(sorted(set(source[groups[head]])))
        fitted, split = rows, 'val'
        if head in elsewhere:
            declared = config['declared'][head]
            positives, controls = logits[rows & (targets[:, column] == 1), column], logits[rows & (targets[:, column] == 0), column]
            negatives = np.concatenate([controls, elsewhere[head]])
            slope, intercept = weighted_platt(positives, negatives, declared['value'])
            count, dataset = len(positives) + len(negatives), dataset + ('+nih14+nih14-128' if head == 'tuberculosis' else '+' + '+'.join(sorted(set(children['source']))))
            split = 'val' if head == 'tuberculosis' else 'val, and NIH children of all splits but test'
            pooled = np.concatenate([positives, negatives])
            truth = np.concatenate([np.ones(len(positives)), np.zeros(len(negatives))])
            positive_from, negative_to = operating_points(sigmoid(slope * pooled + intercept), truth, config['error_rate'])
            free, _ = operating_points(sigmoid(slope * elsewhere[head] + intercept), np.zeros(len(elsewhere[head])), config['presumed_free_error'][head])
            own, _ = operating_points(sigmoid(slope * np.concatenate([positives, controls]) + intercept), np.concatenate([np.ones(len(positives)), np.zeros(len(controls))]), config['error_rate'])
            positive_from = max(positive_from, free, own)
        elif targets[rows, column].sum() < FEW:
            # Too few at honest prevalence: both NIH sources teach the slope; the intercept is then moved to the prevalence of nih14-128.
            fitted = np.isin(source, ('nih14', 'nih14-128'))
            slope, intercept = platt(logits[fitted, column], targets[fitted, column], typical, 5.0)
            share = (config['prevalence'].get(head) or float(targets[rows, column].mean()))
            shifts = np.linspace(-8, 8, 3201)
            means = np.array([sigmoid(slope * logits[rows, column] + intercept + shift).mean() for shift in shifts])
            intercept += float(shifts[np.abs(means - share).argmin()])
            dataset, count = 'nih14+nih14-128', int(fitted.sum())
            declared = {'value': share, **(config['declared_rare'] if head in config['prevalence'] else config['declared_nih'])}
            positive_from, negative_to = operating_points(sigmoid(slope * logits[fitted, column] + intercept), targets[fitted, column], config['error_rate'])
        else:
            slope, intercept = platt(logits[rows, column], targets[rows, column], typical, 1.0)
            count = int(rows.sum())
            declared = {'value': float(targets[rows, column].mean()), **config['declared_nih']}
            positive_from, negative_to = operating_points(sigmoid(slope * logits[rows, column] + intercept), targets[rows, column], config['error_rate'])
        # Ten times as likely as in the next bed is still unlikely: what fewer than one in twenty have is undecided, never positive.
        positive_from = max(positive_from, config['least_positive'])
        chances.append(sigmoid(slope * logits[:, column] + intercept))
        seen = logits[adults, column] if head != 'paediatric-pneumonia' else np.concatenate([logits[~adults, column], elsewhere[head]])
        margin = 0.25 * (seen.max() - seen.min())
        heads.append({
            'code': head, 'slope': slope, 'intercept': intercept,
            'logitRange': {'minimum': float(seen.min() - margin), 'maximum': float(seen.max() + margin)},
            'positiveFrom': positive_from, 'negativeTo': negative_to,
            'prevalence': declared,
            'fittedOn': {'dataset': dataset, 'split': split, 'n': count, 'positives': max(1, int(targets[fitted, column].sum()))},
        })
        print(f'{head}: slope {slope:.3f} intercept {intercept:.3f} positive from {positive_from:.3f} negative to {negative_to:.3f}')
    print_worklist(np.stack(chances, axis=1), heads, frame)
    print_calibration(heads, logits, targets, normal)
    digest = hashlib.sha256(repr(heads).encode()).hexdigest()[:8]
    write(FOLDER / 'calibration.json', {
        'version': f'{config["version"]}-{digest}', 'modelId': config['model']['id'], 'modelVersion': config['version'],
        'method': 'Platt scaling on validation films at a declared prevalence, operating points by class-conditional split conformal prediction, '
                  f'none called positive below {config["least_positive"]:.0%}',
        'errorRate': config['error_rate'], 'heads': heads,
    })
    chest = np.exp(outputs['gate'] - outputs['gate'].max(axis=1, keepdims=True))
    chest = chest[:, 0] / chest.sum(axis=1)
    print('chest probability, lowest percentiles', np.round(np.percentile(chest, (0.2, 0.5, 1, 2)), 4))
    for one in sorted(set(source)):
        distance = outputs['distance'][source == one, 0]
        print(f'{one}: distance median {np.median(distance):.3f} 99 % {np.percentile(distance, 99):.3f} largest {distance.max():.3f}')


if __name__ == '__main__':
    main()
