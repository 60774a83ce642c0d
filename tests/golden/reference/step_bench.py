#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference's side of jepa_step_bench: SECONDS CONFIG. For each line "training" or "encoding" on its input it runs
SECONDS of that and answers with recordings a second of processor time and of the clock."""
import json, os, sys, time
import torch
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import er_jepa

BATCH = 16
torch.set_num_threads(1)
seconds, config = float(sys.argv[1]), dict(er_jepa.DEFAULT, **json.loads(sys.argv[2]))
model = er_jepa.ErJepa(config)
decay = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
plain = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
optimiser = torch.optim.AdamW([dict(params=decay, weight_decay=0.05), dict(params=plain, weight_decay=0.0)], lr=1e-3, betas=(0.9, 0.98))
x = torch.randn(BATCH, len(config["leads"]), config["intervals"] * config["interval_samples"]).cumsum(-1) * 0.2
g = torch.Generator().manual_seed(1)


def step():
    out = model.loss(x, er_jepa.masks(config, BATCH, g))
    optimiser.zero_grad(); out["total"].backward()
    torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0); optimiser.step()
    model.update_target(0.996)


def encode():
    with torch.no_grad(): model.encoder(x)


step(); encode()
for line in sys.stdin:
    f = step if line.strip() == "training" else encode
    start, wall, n = time.process_time(), time.perf_counter(), 0
    while time.process_time() - start < seconds: f(); n += 1
    print(n * BATCH / (time.process_time() - start), n * BATCH / (time.perf_counter() - wall), flush=True)
