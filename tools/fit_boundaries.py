# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits core/signal/boundary_weights.inc to readers' marks.

    precordia-cli bench delineation LUDB/data --terms terms.csv
    python3 tools/fit_boundaries.py terms.csv core/signal/boundary_weights.inc

A row of terms.csv: record, edge (P on, peak, off; QRS ...; T ...), the reader's place less the joint place in ms, and
the terms of core/signal/boundary_rules.h. One ridge regression an edge, with Huber weights (80 ms): 17 numbers each.
Prints mean and deviation as fitted, by six-fold cross-validation over records, and of odd records applied to even ones.
"""
import sys
import numpy as np

EDGES = ["P on", "P peak", "P off", "QRS on", "QRS peak", "QRS off", "T on", "T peak", "T off"]
RIDGE, HUBER_MS = 0.015, 80.0


def fit(x, y):
    scale = x.std(0)
    use = scale > 1e-9
    use[0] = True  # the constant
    scale = np.where(scale > 1e-9, scale, 1)
    z = x / scale
    weight = np.ones(len(y))
    out = np.zeros(x.shape[1])
    penalty = np.eye(use.sum()) * RIDGE * len(y)
    penalty[0, 0] = 0
    for _ in range(8):
        weighted = z[:, use] * weight[:, None]
        out[use] = np.linalg.solve(weighted.T @ z[:, use] + penalty, weighted.T @ y)
        weight = 1 / np.maximum(1, abs(y - z @ out) / HUBER_MS)
    return out / scale


def text(residual):
    return f"{residual.mean():6.1f} +- {residual.std():5.1f}"


def main(source, target):
    table = np.loadtxt(source, delimiter=",")
    record, edge, y, x = table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2], table[:, 3:]
    rows = []
    for e, name in enumerate(EDGES):
        here = edge == e
        xe, ye, re = x[here], y[here], record[here]
        weights = fit(xe, ye)
        rows.append(weights)
        crossed = np.zeros(len(ye))
        ids = np.unique(re)
        for fold in range(6):
            held = np.isin(re, ids[fold::6])
            crossed[held] = xe[held] @ fit(xe[~held], ye[~held]) - ye[held]
        odd = re % 2 == 1
        even = xe[~odd] @ fit(xe[odd], ye[odd]) - ye[~odd]
        print(f"{name:9s} fitted {text(xe @ weights - ye)}  crossed {text(crossed)}  odd to even {text(even)}")
    with open(target, "w", encoding="utf-8") as out:
        out.write("// P on, peak, off; QRS on, peak, off; T on, peak, off: a constant in ms, the rules, "
                  "the rules times trust.\n")
        for weights in rows:
            out.write("{" + ", ".join(f"{w:.4g}" for w in weights) + "},\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
