#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes test_explore_metrics_golden.h beside itself: scikit-learn's answers about tables that the test makes again.

Needs python3-numpy and python3-sklearn. The tables are those of test_explore_golden.py.
"""
import os
import numpy as np
from sklearn.calibration import _SigmoidCalibration
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (accuracy_score, average_precision_score, balanced_accuracy_score, brier_score_loss,
                             f1_score, roc_auc_score, roc_curve)
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from test_explore_golden_table import table

GRID = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
out = ["// SPDX-License-Identifier: GPL-3.0-or-later", "// Written by test_explore_metrics_golden.py: scikit-learn's answers.", "#pragma once", "", "#include <vector>", ""]
def put(name, values): out.append(f"inline const std::vector<double> {name} = {{{', '.join(f'{float(v):.9g}' for v in np.ravel(values))}}};")


def balanced_log_loss(model, x, y):
    p = model.predict_proba(x); own = -np.log(p[np.arange(len(y)), y])
    return -np.mean([own[y == k].mean() for k in np.unique(y)])


def pipe(**more): return make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", solver="newton-cg", tol=1e-8, max_iter=10000, **more))


x, y, v = table(21, 120, 9); x = x.astype(float)
coarse = np.round(v / 3)  # with ties
put("kMetricAp", [average_precision_score(y, v), average_precision_score(y, coarse)])
fpr, tpr, at = roc_curve(y, coarse, drop_intermediate=False)
put("kMetricYouden", [at[np.argmax(tpr - fpr)], at[np.argmax(tpr >= 0.9)]])
called = coarse >= at[np.argmax(tpr - fpr)]
put("kMetricCalled", [f1_score(y, called), accuracy_score(y, called)])
platt = _SigmoidCalibration().fit((v - 70) / 10, y); p = platt.predict((v - 70) / 10)
put("kMetricPlatt", [-platt.a_, -platt.b_, brier_score_loss(y, p)])
edge = np.clip((p * 10).astype(int), 0, 9)
put("kMetricEce", [sum((edge == b).mean() * abs(y[edge == b].mean() - p[edge == b].mean()) for b in range(10) if (edge == b).any())])

k = np.digitize(v, [64, 72])  # three classes
fold = np.arange(120) % 4; train = fold != 0
soft = pipe(C=0.05, multi_class="multinomial").fit(x[train], k[train])
put("kMetricSoftmax", soft.predict_proba(x[~train]))
p3 = soft.predict_proba(x)
put("kMetricOvo", [roc_auc_score(k, p3, multi_class="ovo", average="macro"), roc_auc_score(k, p3, multi_class="ovr", average="macro")])
put("kMetricClass", [accuracy_score(k, p3.argmax(1)), balanced_accuracy_score(k, p3.argmax(1)), f1_score(k, p3.argmax(1), average="macro")])

x, y, v = table(22, 120, 70); x = x.astype(float); k = np.digitize(v, [64, 72])  # where the best penalty lies within
name = "logisticregression__C"; inner = PredefinedSplit(np.arange(120) % 3)
for which, score in (("LogLoss", balanced_log_loss), ("Auroc", "roc_auc")):
    g = GridSearchCV(pipe(), {name: GRID}, scoring=score, cv=inner).fit(x, y); print(which, g.cv_results_["mean_test_score"])
    put(f"kMetricChosen{which}", [g.best_params_[name]])
g = GridSearchCV(pipe(multi_class="multinomial"), {name: GRID}, scoring=balanced_log_loss, cv=inner).fit(x, k); print(g.cv_results_["mean_test_score"])
put("kMetricChosenSoftmax", [g.best_params_[name]])
open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "test_explore_metrics_golden.h"), "w").write("\n".join(out) + "\n")
