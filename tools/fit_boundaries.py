# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits core/signal/boundary_weights.inc to readers' marks.

    precordia-cli bench delineation LUDB/data --terms terms.csv
    python3 tools/fit_boundaries.py terms.csv core/signal/boundary_weights.inc

A row of terms.csv stands for the beats of one shape in one lead: record, edge (P on, peak, off; QRS ...; T ...), number
of beats, the reader's place less the origin in ms (mean), the squared distances of the beats from that mean (sum), and
the terms of core/signal/boundary_rules.h. QRS: one ridge regression an edge, with Huber weights (80 ms). P and T: one
ridge regression an edge of the standardised terms; the onset of T is the mean of one whose penalty is chosen by
cross-validation over the records that are fitted to, and of boosted regression trees. Prints mean and deviation as
fitted, and by six-fold cross-validation over records: none on both sides, that choice made anew in each fold. With
`--check` before the files also for three other divisions into folds. Apply, then fit once more: which mark belongs to
which wave depends on the weights.
"""
import sys
import numpy as np

EDGES = ["P on", "P peak", "P off", "QRS on", "QRS peak", "QRS off", "T on", "T peak", "T off"]
QRS_TERMS, WAVE_TERMS, PLAIN_TERMS = 17, 331, 197
QRS_RIDGE, HUBER_MS = 0.015, 80.0
# So strong that P and QT of the synthesis, which no reader marked, are not measured worse for it; the onset of T is no
# end of an interval.
RIDGES, TREED_RIDGES = (4.0,), (0.1, 0.2, 0.4, 0.8)
AS_GOOD = 1.02  # of the least squared error: the strongest penalty that is as good is taken
FOLDS, LIMIT = 6, 5.0
TREED = "T on"
BAGS, TREES, DEPTH, RATE, BINS = 2, 200, 3, 0.07, 16
TERMS_SHARE, RECORDS_SHARE, FEWEST_BEATS, SHRINK = 0.1, 0.6, 80, 45.0


class QrsModel:
    """Weights of the terms as they are."""

    def __init__(self, x, y, n, _record):
        scale = x.std(0)
        use = scale > 1e-9
        use[0] = True  # the constant
        scale = np.where(scale > 1e-9, scale, 1)
        z = x / scale
        weight = n.copy()
        out = np.zeros(x.shape[1])
        penalty = np.eye(use.sum()) * QRS_RIDGE * n.sum()
        penalty[0, 0] = 0
        for _ in range(8):
            weighted = z[:, use] * weight[:, None]
            out[use] = np.linalg.solve(weighted.T @ z[:, use] + penalty, weighted.T @ y)
            weight = n / np.maximum(1, abs(y - z @ out) / HUBER_MS)
        self.weights = out / scale

    def __call__(self, x):
        return x @ self.weights


def standard(x, n):
    weight = n / n.sum()
    mean = weight @ x
    return mean, np.maximum(np.sqrt(weight @ (x - mean) ** 2), 1e-3)


def normal_equations(x, y, n):
    mean, scale = standard(x, n)
    z = np.clip((x - mean) / scale, -LIMIT, LIMIT)
    weighted = z * (n / n.sum())[:, None]
    middle = weighted.sum(0)  # not quite 0: z is limited
    constant = (n @ y) / n.sum()
    return mean, scale, middle, constant, weighted.T @ z - np.outer(middle, middle), weighted.T @ (y - constant)


class Ridge:
    def __init__(self, x, y, n, penalty):
        mean, scale, middle, constant, a, b = normal_equations(x, y, n)
        self.mean, self.scale = mean, scale
        self.weights = np.linalg.solve(a + penalty * np.eye(len(b)), b)
        self.constant = constant - middle @ self.weights

    def __call__(self, x):
        return np.clip((x - self.mean) / self.scale, -LIMIT, LIMIT) @ self.weights + self.constant


def chosen_penalty(penalties, x, y, n, record):
    if len(penalties) == 1:
        return penalties[0]
    ids = np.unique(record)
    error = np.zeros(len(penalties))
    for fold in range(FOLDS):
        held = np.isin(record, ids[fold::FOLDS])
        for k, penalty in enumerate(penalties):
            error[k] += n[held] @ (Ridge(x[~held], y[~held], n[~held], penalty)(x[held]) - y[held]) ** 2
    return max(p for p, e in zip(penalties, error) if e <= AS_GOOD * error.min())


class Trees:
    """Gradient boosting of squared errors, each tree on some of the terms and of the records."""

    def __init__(self, x, y, n, record, seed):
        rng = np.random.default_rng(seed)
        bounds = [np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1])) for column in x.T]
        binned = np.stack([np.searchsorted(b, column, side="left") for b, column in zip(bounds, x.T)], 1)
        self.constant = (n @ y) / n.sum()
        self.trees = []
        rest, ids = y - self.constant, np.unique(record)
        for _ in range(TREES):
            terms = rng.choice(x.shape[1], int(TERMS_SHARE * x.shape[1]), replace=False)
            some = np.isin(record, rng.choice(ids, int(RECORDS_SHARE * len(ids)), replace=False))
            tree, node = self.grow(binned, some, terms, n, n * rest, bounds)
            self.trees.append(tree)
            rest = rest - tree[2][node]

    @staticmethod
    def grow(binned, some, terms, n, nrest, bounds):
        few, weight, sums = binned[some][:, terms], n[some], nrest[some]
        node, every = np.zeros(len(few), int), np.zeros(len(binned), int)
        split_term, split_bound = [], []
        for level in range(DEPTH):
            nodes, k = 2**level, len(terms)
            at = ((node[:, None] * k + np.arange(k)) * BINS + few).ravel()
            w = np.bincount(at, np.repeat(weight, k), nodes * k * BINS).reshape(nodes, k, BINS).cumsum(2)
            s = np.bincount(at, np.repeat(sums, k), nodes * k * BINS).reshape(nodes, k, BINS).cumsum(2)
            all_w, all_s = w[:, :, -1:], s[:, :, -1:]
            gain = s**2 / (w + SHRINK) + (all_s - s) ** 2 / (all_w - w + SHRINK) - all_s**2 / (all_w + SHRINK)
            gain[(w < FEWEST_BEATS) | (all_w - w < FEWEST_BEATS)] = -1
            gain = gain.reshape(nodes, -1)
            best = gain.argmax(1)
            column, last = best // BINS, best % BINS
            last[gain[np.arange(nodes), best] <= 0] = BINS  # none to the right
            for c, b in zip(column, last):
                split_term.append(terms[c])
                split_bound.append(bounds[terms[c]][b] if b < len(bounds[terms[c]]) else 1e9)
            node = 2 * node + (few[np.arange(len(node)), column[node]] > last[node])
            every = 2 * every + (binned[np.arange(len(every)), terms[column][every]] > last[every])
        w, s = np.bincount(node, weight, 2**DEPTH), np.bincount(node, sums, 2**DEPTH)
        return (np.array(split_term), np.array(split_bound), RATE * s / (w + SHRINK)), every

    def __call__(self, x):
        out = np.full(len(x), self.constant)
        for term, bound, leaf in self.trees:
            node = np.zeros(len(x), int)
            for _ in range(DEPTH):
                node = 2 * node + 1 + (x[np.arange(len(x)), term[node]] > bound[node])
            out += leaf[node - (2**DEPTH - 1)]
        return out


class WaveModel:
    def __init__(self, penalties, x, y, n, record, treed):
        self.penalty = chosen_penalty(penalties, x, y, n, record)
        self.ridge = Ridge(x, y, n, self.penalty)
        self.bags = [Trees(x[:, :PLAIN_TERMS], y, n, record, bag) for bag in range(BAGS if treed else 0)]

    def __call__(self, x):
        out = self.ridge(x)
        if self.bags:
            out = out / 2 + sum(bag(x[:, :PLAIN_TERMS]) for bag in self.bags) / (2 * len(self.bags))
        return out


def fitted(edge, x, y, n, record):
    if edge.startswith("QRS"):
        return QrsModel(x, y, n, record)
    treed = edge == TREED
    return WaveModel(TREED_RIDGES if treed else RIDGES, x, y, n, record, treed)


def crossed(edge, x, y, n, record, seed=None):
    out, ids = np.zeros(len(y)), np.unique(record)
    if seed is not None:
        ids = np.random.default_rng(seed).permutation(ids)
    for fold in range(FOLDS):
        held = np.isin(record, ids[fold::FOLDS])
        out[held] = fitted(edge, x[~held], y[~held], n[~held], record[~held])(x[held])
    return out


def text(place, y, n, spread):
    error = place - y
    mean = (n @ error) / n.sum()
    return f"{mean:6.1f} +- {np.sqrt((n @ (error - mean) ** 2 + spread.sum()) / n.sum()):5.2f}"


def numbers(values, digits):
    return "{" + ", ".join(f"{v:.{digits}g}" for v in values) + "}"


def write(target, models):
    with open(target, "w", encoding="utf-8") as out:
        out.write("// Made by tools/fit_boundaries.py.\n// clang-format off\n")
        out.write("const std::array<std::array<double, qrsTerms>, 3> qrsWeights = {{\n")
        for model in models[3:6]:
            out.write(numbers(model.weights, 4) + ",\n")
        out.write("}};\n")
        out.write("const std::array<EdgeWeights, 6> waveWeights = {{\n")
        for model in models[0:3] + models[6:9]:
            ridge, bags = model.ridge, model.bags
            share = 0.5 if bags else 1.0
            constant = share * ridge.constant + sum(bag.constant for bag in bags) * 0.5 / max(len(bags), 1)
            out.write(f"{{{constant:.6g}, {{{{\n")
            for row in zip(ridge.mean, ridge.scale, share * ridge.weights):
                out.write("{" + ", ".join(f"{v:.5g}" for v in row) + "},\n")
            out.write("}}},\n")
        out.write("}};\n")
        bags = models[EDGES.index(TREED)].bags
        out.write(f"const std::array<Tree, {BAGS * TREES}> tOnTrees = {{{{\n")
        for bag in bags:
            for term, bound, leaf in bag.trees:
                out.write("{" + ", ".join("{" + numbers(v, d) + "}" for v, d in
                                          ((term, 4), (bound, 6), (leaf / (2 * BAGS), 4))) + "},\n")
        out.write("}};\n")


def main(arguments):
    check = "--check" in arguments
    source, target = [a for a in arguments if a != "--check"]
    rows = [[] for _ in EDGES]
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            row = np.array(line.split(","), float)
            rows[int(row[1])].append(row)
    models = []
    for edge, table in zip(EDGES, rows):
        table = np.array(table)
        record, n, y, spread, x = table[:, 0].astype(int), table[:, 2], table[:, 3], table[:, 4], table[:, 5:]
        assert x.shape[1] == (QRS_TERMS if edge.startswith("QRS") else WAVE_TERMS)
        models.append(fitted(edge, x, y, n, record))
        result = f"{edge:9s} fitted {text(models[-1](x), y, n, spread)}"
        result += f"  crossed {text(crossed(edge, x, y, n, record), y, n, spread)}"
        for seed in range(3 if check else 0):
            result += f"  {text(crossed(edge, x, y, n, record, seed), y, n, spread)}"
        if isinstance(models[-1], WaveModel):
            result += f"  penalty {models[-1].penalty}"
        print(result, flush=True)
    write(target, models)


if __name__ == "__main__":
    main(sys.argv[1:])
