# SPDX-License-Identifier: GPL-3.0-or-later
"""The attentive probe as textbooks write it, in double: every token is projected to a key and a value, each query
attends over the keys. Writes values and gradients that core/train/head_attentive must reproduce.

    python3 attentive_head.py > ../fixtures/attentive_head.json
"""
import json
import math

import torch

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
B, T, F, V, Q, C = 3, 5, 6, 4, 2, 2
tokens = torch.randn(B, T, F) * 2 + 0.5
labels = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])  # -1: not known
positive_weight = torch.tensor([0.5, 3.0])
p = {
    "mean": tokens.flatten(0, 1).mean(0),
    "deviation": tokens.flatten(0, 1).std(0, unbiased=False),
    "query": torch.randn(Q, V).requires_grad_(),
    "key": torch.randn(V, F).requires_grad_(),
    "value": torch.randn(V, F).requires_grad_(),
    "weight": torch.randn(C, (Q + 1) * V).requires_grad_(),
    "bias": torch.randn(C).requires_grad_(),
}

x = (tokens - p["mean"]) / p["deviation"]
keys = torch.einsum("btf,vf->btv", x, p["key"])
values = torch.einsum("btf,vf->btv", x, p["value"])
read = [values.mean(1)]
for q in range(Q):
    score = (keys * p["query"][q]).sum(2) / math.sqrt(V)
    attention = torch.exp(score) / torch.exp(score).sum(1, keepdim=True)
    read.append((attention.unsqueeze(2) * values).sum(1))
logits = torch.cat(read, 1) @ p["weight"].T + p["bias"]

known = (labels >= 0).double()
probability = 1 / (1 + torch.exp(-logits))
each = -(positive_weight * labels * torch.log(probability) + (1 - labels) * torch.log(1 - probability))
loss = (each * known).sum() / known.sum()
loss.backward()


def flat(t):
    return [float(v) for v in t.detach().flatten()]


print(json.dumps({
    "shape": {"B": B, "T": T, "F": F, "V": V, "Q": Q, "C": C},
    "tokens": flat(tokens), "labels": [int(v) for v in labels.flatten()], "positive_weight": flat(positive_weight),
    "parameters": {k: flat(v) for k, v in p.items()},
    "logits": flat(logits), "loss": float(loss.detach()),
    "gradients": {k: flat(v.grad) for k, v in p.items() if v.requires_grad},
}, indent=1))
