"""Writes isotonic.json: what scikit-learn's IsotonicRegression says of small made-up cases.

    python3 -m venv v && v/bin/pip install scikit-learn
    v/bin/python test/calibration/references/make.py
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.isotonic import IsotonicRegression

random = np.random.default_rng(20261130)


def case(name, logits, labels):
    fit = IsotonicRegression(out_of_bounds="clip").fit(logits, labels)
    low, high = float(min(logits)), float(max(logits))
    asked = [float(x) for x in np.linspace(low - 1, high + 1, 101)]
    return {
        "name": name,
        "logits": [float(x) for x in logits],
        "labels": [int(x) for x in labels],
        "asked": asked,
        "answers": [float(x) for x in fit.predict(asked)],
    }


def drawn(n, decimals=None):
    logits = random.normal(0, 2, n)
    labels = random.random(n) < 1 / (1 + np.exp(-(0.7 * logits - 1)))
    return (logits if decimals is None else np.round(logits, decimals)), labels


cases = [
    case("drawn", *drawn(400)),
    case("ties", *drawn(400, 1)),
    case("few", *drawn(25)),
    case("separated", [-2, -1, 0, 1, 2], [0, 0, 0, 1, 1]),
    case("wrong way round", [-2, -1, 0, 1, 2], [1, 1, 0, 0, 0]),
]
text = json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}) + "\n"
(Path(__file__).parent / "isotonic.json").write_text(text)
