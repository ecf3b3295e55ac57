"""The two equations in vectorised numpy, one thread: FOLDER/columns/*.f64 in, a JSON line of seconds and checksums out.

Run by benchmark.ts, which writes the columns and the coefficients (order.json) of equation.json.
"""
import json
import sys
import time

import numpy as np


def read(folder, names):
    return {name: np.fromfile(f"{folder}/{name}.f64") for name in names}


def who(columns, facts):
    cuts = facts["cuts"]
    age = np.searchsorted(cuts["age_band"], columns["age"], side="right")
    sbp = np.searchsorted(cuts["sbp_band"], columns["sbp"], side="right")
    chol = np.searchsorted(cuts["chol_band"], columns["total_cholesterol"], side="right")
    sex, diabetes, smoker = (columns[name].astype(np.int64) for name in ("sex", "diabetes", "smoker"))
    cell = (((sex * 7 + age) * 2 + diabetes) * 2 + smoker) * 5 + sbp
    return np.asarray(facts["chart"], dtype=np.float64)[cell * 5 + chol]


def who_refusing(columns, facts):
    """What the graph does: a value that is absent or out of range has no result, and each result has its category."""
    valid = np.ones(len(columns["age"]), dtype=bool)
    for name, low, high, below in facts["ranges"]:
        x = columns[name]
        valid &= (x >= low) & ((x < high) if below else (x <= high))
    for name in facts["levels"]:
        valid &= (columns[name] == 0) | (columns[name] == 1)
    risks = np.where(valid, who({name: np.where(valid, x, 0) for name, x in columns.items()}, facts), np.nan)
    return risks, np.where(valid, np.searchsorted(facts["categories"], risks, side="right"), -1)


def prevent(columns, facts):
    age = (columns["age"] - 55) / 10
    hdl, sbp, bmi, egfr = (columns[name] for name in ("hdl", "sbp", "bmi", "egfr"))
    own = {
        "cage": age,
        "cage ^ 2": age**2,
        "cnon_hdl": (columns["total_cholesterol"] - hdl) * 0.02586 - 3.5,
        "chdl": (hdl * 0.02586 - 1.3) / 0.3,
        "sbp_low": (np.minimum(sbp, 110) - 110) / 20,
        "sbp_high": (np.maximum(sbp, 110) - 130) / 20,
        "bmi_low": (np.minimum(bmi, 30) - 25) / 5,
        "bmi_high": (np.maximum(bmi, 30) - 30) / 5,
        "egfr_low": (np.minimum(egfr, 60) - 60) / -15,
        "egfr_high": (np.maximum(egfr, 60) - 90) / -15,
        **{name: columns[name] for name in ("diabetes", "smoker", "bp_tx", "statin")},
    }

    def term(text):
        if text in own:
            return own[text]
        left, right = text.split(" * ")
        return own[left] * own[right]

    terms = np.stack([term(text) for text in facts["terms"]] + [np.ones_like(age)], axis=1)
    # outputs × sexes × terms; both sexes are computed by one product and each person takes theirs.
    betas = np.asarray(facts["betas"])
    outputs = betas.shape[0]
    both = (terms @ betas.reshape(-1, betas.shape[2]).T).reshape(-1, outputs, 2)
    lp = np.where(columns["sex"][:, None] == 1, both[:, :, 1], both[:, :, 0])
    return 1 / (1 + np.exp(-lp))


EQUATIONS = {"who_cvd_2019_lab_sea": who, "aha_prevent_2023": prevent}
REFUSING = {"who_cvd_2019_lab_sea": who_refusing}


def timed(work, rounds):
    wall, cpu = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        result = work()
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
    return result, {"wallS": min(wall), "cpuS": min(cpu)}


def main():
    folder, equation, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(f"{folder}/facts.json", encoding="utf-8") as file:
        facts = json.load(file)
    columns = read(folder, facts["columns"])
    risks, plain = timed(lambda: EQUATIONS[equation](columns, facts), rounds)
    # Persons who are outside the published range are computed here too; the sum leaves them out as the graph does.
    valid = np.fromfile(f"{folder}/valid.f64") == 1
    checksum = float(np.asarray(risks).reshape(len(valid), -1)[valid, 0].sum())
    answer = {**plain, "checksum": checksum, "numpy": np.__version__}
    if equation in REFUSING:
        (refused, _), seconds = timed(lambda: REFUSING[equation](columns, facts), rounds)
        answer["refusing"] = {**seconds, "checksum": float(np.nansum(refused))}
    print(json.dumps(answer))


main()
