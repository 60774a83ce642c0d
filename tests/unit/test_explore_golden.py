#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes test_explore_golden.h beside itself: what scikit-learn and NumPy say about tables that the test makes again.

Needs python3-numpy and python3-sklearn. The tables come from SplitMix64, as core/explore/random_source.h has it.
"""
import os
import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_rand_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from test_explore_golden_table import Random, table


def simple_features(x):  # the definition in the probe of the reference
    x = x / (x.std((1, 2), keepdims=True) + 1e-9)
    slope = np.abs(np.diff(x[:, [1, 7, 10]], axis=-1)).mean(1)
    rhythm = np.abs(np.fft.rfft(slope - slope.mean(-1, keepdims=True), axis=-1))[:, :60]
    return np.concatenate([x.std(-1), x.max(-1), x.min(-1), np.abs(x).mean(-1), rhythm], 1)


out = ["// SPDX-License-Identifier: GPL-3.0-or-later", "// Written by test_explore_golden.py: scikit-learn's and NumPy's answers.", "#pragma once", "", "#include <vector>", ""]
def put(name, values): out.append(f"inline const std::vector<double> {name} = {{{', '.join(f'{float(v):.9g}' for v in np.ravel(values))}}};")

for name, n, d in (("Tall", 60, 7), ("Wide", 40, 90)):
    x, y, v = table(5, n, d); fold = np.arange(n) % 4; train = fold != 0
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.02, class_weight="balanced", solver="newton-cg", tol=1e-8, max_iter=10000)).fit(x[train].astype(float), y[train])
    put(f"kLogistic{name}", model.decision_function(x[~train].astype(float)))
    ridge = make_pipeline(StandardScaler(), RidgeCV([1, 10, 100, 1000])).fit(x[train].astype(float), v[train])
    put(f"kRidge{name}", ridge.predict(x[~train].astype(float)))
    print(name, y.mean(), ridge[-1].alpha_)
    p = PCA(3).fit(x.astype(float)); axes = p.components_; sign = np.sign(axes[np.arange(3), np.abs(axes).argmax(1)])
    put(f"kPca{name}", (p.transform(x.astype(float)) * sign)[:5]); put(f"kPcaShare{name}", p.explained_variance_ratio_)

x, y, v = table(9, 80, 6); put("kTrust", [trustworthiness(x.astype(float), x[:, :2].astype(float), n_neighbors=5)])
a, b = [i % 3 for i in range(50)], [(i * i) % 4 for i in range(50)]
put("kRand", [adjusted_rand_score(a, b)])
put("kAuroc", [roc_auc_score(y, np.round(v / 4))])
r = Random(3); w = np.cumsum([[[r.bell() for _ in range(2500)] for _ in range(12)]], axis=-1).astype(np.float32) * 20
put("kSimple", simple_features(w.astype(np.float64)))
open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "test_explore_golden.h"), "w").write("\n".join(out) + "\n")
