# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of test_explore_table.h: numbers from SplitMix64, as core/explore/random_source.h has it."""
import numpy as np


class Random:
    def __init__(self, seed): self.state = seed
    def uniform(self):
        m = (1 << 64) - 1; self.state = (self.state + 0x9E3779B97F4A7C15) & m; z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & m; z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & m
        return ((z ^ (z >> 31)) >> 11) * 2.0 ** -53
    def bell(self): return self.uniform() + self.uniform() + self.uniform() - 1.5


def table(seed, n, d):
    """Columns of unlike scale and offset; the first carry the label."""
    r = Random(seed); x = np.array([[r.bell() for _ in range(d)] for _ in range(n)])
    y = np.array([1 if x[i, 0] + x[i, 1] - 0.5 * x[i, 2] + 0.7 * r.bell() > 0.4 else 0 for i in range(n)])
    v = np.array([70 + 10 * x[i, 0] - 6 * x[i, 3] + 4 * r.bell() for i in range(n)])
    return (x * (1 + np.arange(d) % 5) + np.arange(d) % 7).astype(np.float32), y, v
