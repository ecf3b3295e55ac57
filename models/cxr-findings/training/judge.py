"""Figures of one split from logits and calibration, with patient-clustered intervals. It needs no torch."""
import numpy as np
import pandas as pd

from films import HEADS, NIH, NIH_SOURCES, RECIPE, TB_SOURCES, judged_targets

RESULTS = RECIPE / 'results'
FEWEST = 10
REPLICATES = 1000
# Collected with far more disease than any clinic sees: calibration errors are measured at the films' own share.
ENRICHED = ('paediatric-pneumonia', 'tuberculosis')


def auroc(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share of pairs in the right order, per row of weights (replicates × films)."""
    order = np.argsort(chance, kind='stable')
    positive, negative = weights[:, order] * target[order], weights[:, order] * (1 - target[order])
    with np.errstate(invalid='ignore', divide='ignore'):
        return (positive * np.cumsum(negative, axis=1)).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1))


def auprc(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    order = np.argsort(-chance, kind='stable')
    weights = weights[:, order]
    positive = weights * target[order]
    with np.errstate(invalid='ignore', divide='ignore'):
        precision = np.nan_to_num(np.cumsum(positive, axis=1) / np.cumsum(weights, axis=1))
        return (positive * precision).sum(axis=1) / positive.sum(axis=1)


def ece(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ten bins of equal width (Naeini 2015), as in the evaluation room."""
    bins = np.eye(10)[np.minimum((chance * 10).astype(int), 9)]
    return np.abs((weights * (chance - target)) @ bins).sum(axis=1) / weights.sum(axis=1)


def brier(target: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return (weights @ ((target - chance) ** 2)) / weights.sum(axis=1)


def share(hit: np.ndarray, counted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    with np.errstate(invalid='ignore', divide='ignore'):
        return (weights @ (hit & counted).astype(float)) / (weights @ counted.astype(float))


METRICS = {'auroc': auroc, 'auprc': auprc, 'ece': ece, 'brier': brier}


def resampled(patients: np.ndarray, seed: int) -> np.ndarray:
    """(1 + replicates) × films: first all films once, then patients drawn with replacement, all films of one together."""
    names, inverse = np.unique(patients, return_inverse=True)
    random = np.random.default_rng(seed)
    counts = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=REPLICATES)
    return np.concatenate([np.ones((1, len(patients))), counts[:, inverse].astype(float)])


def interval(values: np.ndarray) -> dict:
    """Statistic of all films first, then of the replicates → value and 95 % percentile interval."""
    drawn_values = values[1:][np.isfinite(values[1:])]
    if not np.isfinite(values[0]) or len(drawn_values) == 0:
        return {'value': None, 'lower': None, 'upper': None}
    lower, upper = np.quantile(drawn_values, (0.025, 0.975))
    return {'value': float(values[0]), 'lower': float(lower), 'upper': float(upper)}


class Judge:
    """Collects the figures of one split."""

    def __init__(self, frame: pd.DataFrame, logits: np.ndarray, calibration: dict):
        self.frame, self.rows = frame, []
        self.source = frame['source'].to_numpy()
        self.patients = frame['patient_id'].to_numpy().astype(str)
        self.targets, self.masks = judged_targets(frame)
        heads = calibration['heads']
        self.prevalence = [head['prevalence']['value'] for head in heads]
        self.chance = np.stack([1 / (1 + np.exp(-(head['slope'] * logits[:, i] + head['intercept']))) for i, head in enumerate(heads)], axis=1)
        self.decision = np.stack([np.where(self.chance[:, i] >= head['positiveFrom'], 1, np.where(self.chance[:, i] <= head['negativeTo'], -1, 0))
                                  for i, head in enumerate(heads)], axis=1)

    def at_share(self, chance: np.ndarray, column: int, share: float) -> np.ndarray:
        """Probabilities of an enriched collection's head, moved from the declared prevalence to the share of positives among these films."""
        if HEADS[column] not in ENRICHED:
            return chance
        declared = self.prevalence[column]
        odds = chance / (1 - chance) * (share / (1 - share)) / (declared / (1 - declared))
        return odds / (1 + odds)

    def question(self, source: str, finding: str, rows: np.ndarray, target: np.ndarray) -> None:
        column = HEADS.index(finding)
        chance, decision = self.chance[rows, column], self.decision[rows, column]
        target = target[rows].astype(float)
        base = {'source': source, 'finding': finding, 'n': int(len(target)), 'positives': int(target.sum()), 'patients': int(len(set(self.patients[rows])))}
        if target.sum() < FEWEST or len(target) - target.sum() < FEWEST:
            self.rows.append(base | {'metric': 'auroc', 'value': None, 'lower': None, 'upper': None, 'note': 'too few'})
            return
        draws = resampled(self.patients[rows], 20260101)
        shown = self.at_share(chance, column, target.mean())
        for name, metric in METRICS.items():
            self.rows.append(base | {'metric': name} | interval(metric(target, shown, draws)))
        positive, negative = target == 1, target == 0
        for name, hit, counted in (('sensitivity', decision == 1, positive), ('specificity', decision == -1, negative),
                                   ('false-negative-rate', decision == -1, positive), ('false-positive-rate', decision == 1, negative),
                                   ('coverage', np.where(positive, decision != -1, decision != 1), positive | negative),
                                   ('indeterminate-share', decision == 0, positive | negative)):
            self.rows.append(base | {'metric': name} | interval(share(hit, counted, draws)))

    def mean14(self, source: str, rows: np.ndarray) -> None:
        """The mean over the findings that enough films support."""
        targets, chance = self.targets[rows][:, :14], self.chance[rows][:, :14]
        enough = [i for i in range(14) if FEWEST <= targets[:, i].sum() <= len(targets) - FEWEST]
        draws = resampled(self.patients[rows], 20260101)
        # A replicate without a positive of some finding counts the others.
        values = np.nanmean([auroc(targets[:, i], chance[:, i], draws) for i in enough], axis=0)
        row = {'source': source, 'finding': 'mean-14', 'metric': 'auroc', 'n': int(len(targets)), 'positives': int((targets.max(axis=1)).sum()),
               'patients': int(len(set(self.patients[rows])))}
        note = {} if len(enough) == 14 else {'note': f'mean over {len(enough)} findings; too few films for the others'}
        self.rows.append(row | interval(values) | note)


def judged(judge: Judge) -> None:
    frame, source = judge.frame, judge.source
    nih = np.isin(source, NIH_SOURCES)
    for name, rows in (('nih', nih), ('nih14', source == 'nih14'), ('nih14-128', source == 'nih14-128')):
        judge.mean14(name, rows)
        for finding in [*NIH, 'any-abnormality']:
            judge.question(name, finding, rows, judge.targets[:, HEADS.index(finding)])
    rsna = frame['rsna_class'].to_numpy()
    opacity = np.isin(rsna, ('Lung Opacity', 'Normal'))
    judge.question('rsna', 'any-abnormality', opacity, rsna == 'Lung Opacity')
    judge.question('kermany', 'paediatric-pneumonia', source == 'kermany', judge.targets[:, HEADS.index('paediatric-pneumonia')])
    tb = HEADS.index('tuberculosis')
    judge.question('shenzhen+montgomery', 'tuberculosis', np.isin(source, TB_SOURCES), judge.targets[:, tb])
    for one in TB_SOURCES:
        judge.question(one, 'tuberculosis', source == one, judge.targets[:, tb])


def subgroups(judge: Judge) -> list[dict]:
    """Any abnormality on NIH by age band, sex and view; TB and children by sex are not known here."""
    frame, rows = judge.frame, []
    nih = np.isin(judge.source, NIH_SOURCES)
    age = pd.to_numeric(frame['age'], errors='coerce').to_numpy()
    groups = {'sex F': frame['sex'].to_numpy() == 'F', 'sex M': frame['sex'].to_numpy() == 'M',
              'view PA': frame['view'].to_numpy() == 'PA', 'view AP': frame['view'].to_numpy() == 'AP'}
    for low, high in ((0, 17), (18, 39), (40, 59), (60, 74), (75, 120)):
        groups[f'age {low} to {high}'] = (age >= low) & (age <= high)
    for name, group in groups.items():
        inner = Judge.__new__(Judge)
        inner.__dict__ = judge.__dict__ | {'rows': []}
        inner.question('nih', 'any-abnormality', nih & group, judge.targets[:, HEADS.index('any-abnormality')])
        rows += [row | {'subgroup': name} for row in inner.rows if row['metric'] in ('auroc', 'sensitivity', 'specificity', 'false-negative-rate')]
    return rows


def elsewhere(judge: Judge) -> list[dict]:
    """What the tuberculosis head says of adults of another country, who were not tested for it: the share that it calls positive."""
    rows = []
    nih, label = np.isin(judge.source, NIH_SOURCES), judge.frame['label'].to_numpy()
    positive = judge.decision[:, HEADS.index('tuberculosis')] == 1
    for name, group in (('NIH, no finding', nih & (label == 'normal')), ('NIH, any finding', nih & (label != 'normal'))):
        draws = resampled(judge.patients[group], 20260101)
        rows.append({'films': name, 'n': int(group.sum())} | interval(share(positive[group], np.ones(group.sum(), dtype=bool), draws)))
    return rows
