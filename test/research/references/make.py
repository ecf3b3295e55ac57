"""Writes statistics.json and tabular.json: what scikit-learn, scikit-survival, lifelines, statsmodels, SciPy and R's pROC say of the same cases.

    python3 -m venv v && v/bin/pip install numpy scipy scikit-learn scikit-survival lifelines statsmodels
    apt-get install r-cran-proc
    v/bin/python test/research/references/make.py [../shared/data/tabular]

Obuchowski's clustered variance has no such library: it is written here once more, pair by pair, from her paper.
"""
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from lifelines import KaplanMeierFitter
from lifelines.utils import concordance_index
from scipy import stats
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sksurv.metrics import brier_score, concordance_index_censored, concordance_index_ipcw
from sksurv.util import Surv
from statsmodels.stats.multitest import multipletests

HERE = Path(__file__).parent


def proc(labels, a, b):
    """pROC's DeLong: areas, variances, covariance, test."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "t.csv"
        with open(table, "w") as file:
            file.write("y,a,b\n")
            for row in zip(labels, a, b):
                file.write(",".join(repr(float(x)) for x in row) + "\n")
        script = (
            f'suppressMessages(library(pROC)); t <- read.csv("{table}");'
            'p <- roc(t$y, t$a, quiet=TRUE, direction="<"); q <- roc(t$y, t$b, quiet=TRUE, direction="<");'
            "w <- roc.test(p, q, paired=TRUE);"
            "cat(sprintf('%.17g', c(auc(p), auc(q), var(p), var(q), cov(p, q), w$p.value)))"
        )
        out = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout
    keys = ["a", "b", "varianceA", "varianceB", "covariance", "p"]
    return dict(zip(keys, map(float, out.split())))


def psi(x, y):
    return 1.0 if x > y else 0.5 if x == y else 0.0


def obuchowski(labels, scores, clusters):
    """Areas and covariance matrix, by every pair (Biometrics 1997;53:567-578)."""
    labels = np.asarray(labels)
    pos, neg = np.where(labels == 1)[0], np.where(labels == 0)[0]
    m, n = len(pos), len(neg)
    theta = [sum(psi(s[i], s[j]) for i in pos for j in neg) / (m * n) for s in scores]
    v10 = [{i: sum(psi(s[i], s[j]) for j in neg) / n for i in pos} for s in scores]
    v01 = [{j: sum(psi(s[i], s[j]) for i in pos) / m for j in neg} for s in scores]
    names = sorted(set(clusters))
    members = {c: [k for k in range(len(labels)) if clusters[k] == c] for c in names}
    mi = {c: sum(labels[k] == 1 for k in members[c]) for c in names}
    ni = {c: sum(labels[k] == 0 for k in members[c]) for c in names}
    x = [{c: sum(v10[t][k] for k in members[c] if labels[k] == 1) for c in names} for t in range(len(scores))]
    y = [{c: sum(v01[t][k] for k in members[c] if labels[k] == 0) for c in names} for t in range(len(scores))]
    i10, i01, i = sum(v > 0 for v in mi.values()), sum(v > 0 for v in ni.values()), len(names)
    matrix = []
    for r in range(len(scores)):
        row = []
        for s in range(len(scores)):
            s10 = i10 / ((i10 - 1) * m) * sum((x[r][c] - mi[c] * theta[r]) * (x[s][c] - mi[c] * theta[s]) for c in names)
            s01 = i01 / ((i01 - 1) * n) * sum((y[r][c] - ni[c] * theta[r]) * (y[s][c] - ni[c] * theta[s]) for c in names)
            s11 = i / (i - 1) * sum((x[r][c] - mi[c] * theta[r]) * (y[s][c] - ni[c] * theta[s]) for c in names)
            t11 = i / (i - 1) * sum((x[s][c] - mi[c] * theta[s]) * (y[r][c] - ni[c] * theta[r]) for c in names)
            row.append(s10 / m + s01 / n + (s11 + t11) / (m * n))
        matrix.append(row)
    return {"areas": theta, "covariance": matrix}


def calibration(labels, p):
    y, p = np.asarray(labels, float), np.asarray(p, float)
    odds = np.log(p / (1 - p))
    slope = sm.GLM(y, sm.add_constant(odds), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    large = sm.GLM(y, np.ones((len(y), 1)), family=sm.families.Binomial(), offset=odds).fit(tol=1e-14, maxiter=200)
    ece = 0.0
    for k in range(10):
        inside = np.minimum(9, np.floor(p * 10)) == k
        ece += abs((p[inside] - y[inside]).sum()) / len(y)
    return {
        "slope": float(slope.params[1]), "slopeError": float(slope.bse[1]),
        "intercept": float(large.params[0]), "interceptError": float(large.bse[0]),
        "observedOverExpected": float(y.sum() / p.sum()), "ece": float(ece), "brier": float(brier_score_loss(y, p)),
    }


def spline_band(labels, p):
    """Natural cubic spline with three knots in Harrell's basis, fitted by statsmodels, at five predictions."""
    y, p = np.asarray(labels, float), np.asarray(p, float)
    odds = np.log(p / (1 - p))
    k1, k2, k3 = np.quantile(odds, [0.1, 0.5, 0.9])
    cube = lambda v: np.maximum(0, v) ** 3

    def basis(x):
        bend = (cube(x - k1) - cube(x - k2) * (k3 - k1) / (k3 - k2) + cube(x - k3) * (k2 - k1) / (k3 - k2)) / (k3 - k1) ** 2
        return np.column_stack([np.ones_like(x), x, bend])

    fit = sm.GLM(y, basis(odds), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    x = np.linspace(*np.quantile(odds, [0.01, 0.99]), 5)
    rows = basis(x)
    score = rows @ fit.params
    error = stats.norm.ppf(0.975) * np.sqrt(np.einsum("ij,jk,ik->i", rows, fit.cov_params(), rows))
    expit = lambda v: 1 / (1 + np.exp(-v))
    return [[float(v) for v in row] for row in zip(expit(x), expit(score), expit(score - error), expit(score + error))]


def hosmer(labels, p, fitted):
    y, p = np.asarray(labels, float), np.asarray(p, float)
    bounds = np.unique(np.quantile(p, np.arange(1, 10) / 10))
    group = np.searchsorted(bounds, p, side="left")
    chi, groups = 0.0, 0
    for g in np.unique(group):
        i = group == g
        o, e, n = y[i].sum(), p[i].sum(), i.sum()
        chi += (o - e) ** 2 / (e * (1 - e / n))
        groups += 1
    return {"chiSquared": float(chi), "p": float(stats.chi2.sf(chi, groups - fitted))}


def net_benefit(labels, p, thresholds):
    y, p = np.asarray(labels), np.asarray(p)
    return [float(((p >= t) & (y == 1)).mean() - ((p >= t) & (y == 0)).mean() * t / (1 - t)) for t in thresholds]


def nri(labels, a, b, cuts):
    y, a, b = np.asarray(labels), np.asarray(a), np.asarray(b)
    if cuts:
        a, b = np.digitize(a, cuts), np.digitize(b, cuts)
    up, down = b > a, b < a
    e, o = y == 1, y == 0
    events, non = up[e].mean() - down[e].mean(), down[o].mean() - up[o].mean()
    error = np.sqrt((up | down)[e].sum() / e.sum() ** 2 + (up | down)[o].sum() / o.sum() ** 2)
    return {"events": float(events), "nonEvents": float(non), "error": float(error), "p": float(2 * stats.norm.sf(abs((events + non) / error)))}


def classification(labels, a, b, clusters=None):
    result = {
        "auroc": roc_auc_score(labels, a), "auprc": average_precision_score(labels, a),
        "delong": proc(labels, a, b),
    }
    if clusters is not None:
        result["clustered"] = obuchowski(labels, [a, b], clusters)
    return result


def survival(time, event, risk, horizon, probability):
    y = Surv.from_arrays(event=np.asarray(event, bool), time=np.asarray(time, float))
    km = KaplanMeierFitter().fit(time, event)
    return {
        "harrell": float(concordance_index_censored(y["event"], y["time"], np.asarray(risk))[0]),
        "uno": float(concordance_index_ipcw(y, y, np.asarray(risk))[0]),
        "unoAtHorizon": float(truncated_uno(y, np.asarray(risk), horizon)),
        "brier": float(brier_score(y, y, 1 - np.asarray(probability), horizon)[1][0]),
        "survivalAtHorizon": float(km.predict(horizon)),
    }


def truncated_uno(y, risk, tau):
    # scikit-survival wants the estimates of those before tau only, and then drops the later persons from every pair; R's survC1 and
    # Uno's paper keep them as the later ones of pairs. So the paper's sum, by every pair, with scikit-survival's weights.
    from sksurv.nonparametric import CensoringDistributionEstimator
    g = CensoringDistributionEstimator().fit(y).predict_proba(y["time"])
    num = den = 0.0
    for i in range(len(risk)):
        if not y["event"][i] or y["time"][i] >= tau:
            continue
        for j in range(len(risk)):
            if y["time"][j] > y["time"][i] or (y["time"][j] == y["time"][i] and not y["event"][j]):
                w = g[i] ** -2
                den += w
                num += w * psi(risk[i], risk[j])
    return num / den


def synthetic():
    rng = np.random.default_rng(20260101)
    n = 240
    clusters = [f"p{int(k)}" for k in rng.integers(0, 90, n)]
    labels = (rng.random(n) < 0.35).astype(int).tolist()
    noise = rng.normal(size=(2, n))
    # Two digits, so that scores tie.
    a = [round(float(1 / (1 + np.exp(-(1.6 * y - 1.2 + e)))), 2) for y, e in zip(labels, noise[0])]
    b = [round(float(1 / (1 + np.exp(-(1.0 * y - 1.0 + 0.6 * e + 0.8 * f)))), 2) for y, e, f in zip(labels, noise[0], noise[1])]
    a, b = ([min(0.99, max(0.01, v)) for v in s] for s in (a, b))
    thresholds = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7]
    p = [0.04, 0.2, 0.01, 0.01, 0.6, 0.03]
    m = 200
    risk = rng.normal(size=m)
    latent = rng.exponential(8 * np.exp(-0.7 * risk))
    ended = rng.uniform(1, 15, m)
    # Whole half-years, so that times tie; risks to one digit, so that they tie.
    time = np.maximum(0.5, np.round(2 * np.minimum(latent, ended)) / 2)
    event = latent <= ended
    risk = np.round(risk, 1)
    probability = 1 - np.exp(-5 / 8 * np.exp(0.7 * risk))
    untied = np.minimum(latent, ended)
    quantiles = [0.3, -1.7, 2.5, -6.0, 9.0]
    return {
        "cases": {"labels": labels, "a": a, "b": b, "clusters": clusters},
        "classification": classification(labels, a, b, clusters),
        "calibration": calibration(labels, a), "curve": spline_band(labels, a),
        "hosmerLemeshow": {"external": hosmer(labels, a, 0), "fitted": hosmer(labels, a, 2)},
        "netBenefit": {"thresholds": thresholds, "values": net_benefit(labels, a, thresholds)},
        "reclassification": {"free": nri(labels, b, a, []), "cut": nri(labels, b, a, [0.2, 0.5])},
        "holm": {"p": p, "adjusted": [float(v) for v in multipletests(p, method="holm")[1]]},
        "normal": {"z": quantiles, "cdf": [float(v) for v in stats.norm.cdf(quantiles)], "twoSided": [float(2 * stats.norm.sf(abs(v))) for v in quantiles]},
        "chiSquared": [[x, k, float(stats.chi2.sf(x, k))] for x, k in [(3.2, 1), (11.0, 8), (0.4, 10), (60.0, 10), (25.0, 3)]],
        "persons": {"time": time.tolist(), "event": event.tolist(), "risk": risk.tolist(), "probability": probability.tolist(), "untied": untied.tolist()},
        "survival": {"horizon": 5, **survival(time, event, risk, 5, probability)},
        "lifelines": float(concordance_index(untied, -risk, event)),
    }


def tabular(folder):
    """Outputs only: the tables are not ours to give on."""
    result = {}
    rows = list(csv.DictReader(open(folder / "wdbc.csv")))
    result["wdbc"] = classification([int(r["diagnosis"] == "M") for r in rows], [float(r["radius_mean"]) for r in rows], [float(r["texture_mean"]) for r in rows])
    rows = [r for r in csv.DictReader(open(folder / "framingham_teaching.csv")) if r["glucose"] and r["BMI"]]
    labels = [int(r["TenYearCHD"]) for r in rows]
    age, pressure = ([float(r[c]) for r in rows] for c in ("age", "sysBP"))
    p = (1 / (1 + np.exp(-(0.07 * np.asarray(age) + 0.015 * np.asarray(pressure) - 7.3)))).tolist()
    result["framingham"] = {"rows": len(rows), **classification(labels, age, pressure), "calibration": calibration(labels, p), "hosmerLemeshow": hosmer(labels, p, 0)}
    return result


def write(name, value):
    (HERE / name).write_text(json.dumps(value) + "\n")


if __name__ == "__main__":
    write("statistics.json", synthetic())
    if len(sys.argv) > 1:
        write("tabular.json", tabular(Path(sys.argv[1])))
