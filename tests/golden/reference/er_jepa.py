#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ER-JEPA in one page: the executable definition that core/jepa is tested against.

Needs python3-torch and python3-numpy (any torch >= 1.13).

  er_jepa.py fixture OUT.safetensors [--seed N] [--config JSON]   weights, a batch, masks and every intermediate tensor of one training step
  er_jepa.py train DATA.npz --steps N             a small training run (DATA.npz: X float [n, leads, samples], microvolt)

Shapes: B recordings, L leads, T intervals, P samples an interval, D width. A patch is the P samples of one lead in one interval.
"""
import argparse, copy, json, math, struct
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

DEFAULT = dict(
    leads=["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"],
    sampling_rate=250, interval_samples=50, intervals=50,
    width=96, heads=3, tokenizer="leadwise", aggregation="mean", channel_depth=2, temporal_depth=4, mlp_ratio=4, dropout=0.0,
    predictor_width=48, predictor_heads=3, channel_predictor_depth=1, temporal_predictor_depth=3,
    lead_keep=0.5, interval_mask_ratio=[0.55, 0.65], min_block=5,
    ema=[0.996, 1.0], loss_weights=[1.0, 1.0], regulariser="vicreg", regulariser_weight=0.05, scale="fixed",
    predictor_query="place")


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__(); self.heads = heads; self.qkv = nn.Linear(d, 3 * d); self.proj = nn.Linear(d, d)
    def forward(self, x):                                            # [N, S, d]
        n, s, d = x.shape
        q, k, v = self.qkv(x).reshape(n, s, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        a = ((q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5).softmax(-1)
        return self.proj((a @ v).transpose(1, 2).reshape(n, s, d))


class Block(nn.Module):                                              # pre-norm transformer block
    def __init__(self, d, heads, ratio, p):
        super().__init__(); self.norm1 = nn.LayerNorm(d); self.attn = Attention(d, heads); self.norm2 = nn.LayerNorm(d)
        self.fc1 = nn.Linear(d, ratio * d); self.fc2 = nn.Linear(ratio * d, d); self.drop = nn.Dropout(p)
    def forward(self, x):
        x = x + self.drop(self.attn(self.norm1(x)))
        return x + self.drop(self.fc2(F.gelu(self.fc1(self.norm2(x)))))


class Transformer(nn.Module):
    def __init__(self, d, depth, heads, ratio, p):
        super().__init__(); self.blocks = nn.ModuleList(Block(d, heads, ratio, p) for _ in range(depth)); self.norm = nn.LayerNorm(d)
    def forward(self, x):
        for b in self.blocks: x = b(x)
        return self.norm(x)


def sincos(n, d):                                                    # [n, d]
    w = torch.exp(-math.log(10000.0) * torch.arange(0, d, 2) / d)[None] * torch.arange(n)[:, None]
    return torch.cat([torch.sin(w), torch.cos(w)], 1)


def take(x, idx):                                                    # x [B, S, ...], idx [B, K] -> [B, K, ...]
    return x.gather(1, idx.reshape(*idx.shape, *[1] * (x.dim() - 2)).expand(*idx.shape, *x.shape[2:]))


class Encoder(nn.Module):
    """Patches -> lead encodings [B,T,L,D] -> interval encodings (event tokens) [B,T,D] -> event encodings [B,T,D]."""
    def __init__(self, c):
        super().__init__(); d = c["width"]
        self.leadwise_patch = c["tokenizer"] == "leadwise"           # one projection a lead; "shared" loses, after a mean, which lead said what
        if self.leadwise_patch: self.patch_weight = nn.Parameter(torch.zeros(len(c["leads"]), c["interval_samples"], d))
        self.patch = nn.Linear(c["interval_samples"], d) if not self.leadwise_patch else None
        self.interval_samples = c["interval_samples"]
        self.lead = nn.Parameter(torch.zeros(len(c["leads"]), d))
        self.channel = Transformer(d, c["channel_depth"], c["heads"], c["mlp_ratio"], c["dropout"])
        self.leadwise = c["aggregation"] == "lead-linear"
        if self.leadwise: self.aggregate = nn.Parameter(torch.zeros(len(c["leads"]), d, d))   # the other way to know the leads: one matrix a lead at the aggregation
        self.event = nn.Linear(d, d)
        self.temporal = Transformer(d, c["temporal_depth"], c["heads"], c["mlp_ratio"], c["dropout"])
        self.register_buffer("position", sincos(c["intervals"], d), persistent=False)
    def channels(self, patches, leads):                              # patches [B,T,K,P], leads [B,K] -> [B,T,K,D]
        z = torch.einsum("btkp,bkpd->btkd", patches, self.patch_weight[leads]) if self.leadwise_patch else self.patch(patches)
        z = z + self.lead[leads][:, None]
        b, t, k, d = z.shape
        return self.channel(z.reshape(b * t, k, d)).reshape(b, t, k, d)
    def intervals(self, z, leads):                                   # z [B,T,K,D], leads [B,K] -> interval encodings [B,T,D], of one scale for any number of leads
        if not self.leadwise: return z.mean(2)
        return torch.einsum("btkd,bkde->bte", z, self.aggregate[leads]) * (self.lead.shape[0] / leads.shape[1]) ** 0.5
    def events(self, u, intervals):                                  # u [B,S,D] encodings of the intervals [B,S] -> [B,S,D]
        return self.temporal(self.event(u) + self.position[intervals])
    def forward(self, x):                                            # x [B,L,T*P] -> lead, interval, event encodings
        p = patches(x, self.interval_samples); b, t, l, _ = p.shape
        leads = torch.arange(l).expand(b, l); z = self.channels(p, leads); u = self.intervals(z, leads)
        return z, u, self.events(u, torch.arange(t).expand(b, t))


class Predictor(nn.Module):
    """From the visible tokens and the places of the hidden ones, the hidden ones' encodings."""
    def __init__(self, c, depth, places, neighbours=False):
        super().__init__(); d, w = c["width"], c["predictor_width"]
        self.embed = nn.Linear(d, w); self.mask = nn.Parameter(torch.zeros(w)); self.place = places
        self.blocks = Transformer(w, depth, c["predictor_heads"], c["mlp_ratio"], 0.0); self.out = nn.Linear(w, d)
        self.neighbours = neighbours
        if neighbours:                                               # what a hidden token takes from the nearest visible one on either side, and from how far that is
            self.left, self.right = nn.Linear(d, w), nn.Linear(d, w)
            self.left_offset, self.right_offset = nn.Parameter(torch.zeros(len(places), w)), nn.Parameter(torch.zeros(len(places), w))
    def forward(self, x, visible, hidden):                           # x [N,V,D], visible [N,V], hidden [N,H] -> [N,H,D]
        query = self.mask + self.place[hidden]
        if self.neighbours:
            ahead = hidden[:, :, None] - visible[:, None]; none = len(self.place)
            for side, offset, distance in ((self.left, self.left_offset, ahead), (self.right, self.right_offset, -ahead)):
                least, which = torch.where(distance > 0, distance, torch.full_like(distance, none)).min(2)
                query = query + (side(take(x, which)) + offset[least.clamp(max=none - 1)]) * (least < none)[:, :, None]   # nothing where no token is on that side
        h = torch.cat([self.embed(x) + self.place[visible], query], 1)
        return self.out(self.blocks(h)[:, visible.shape[1]:])


def rhythm_profile(u, lags=24):                                      # how alike interval encodings are k intervals apart; u [B,T,D] -> [B, lags]
    c = u - u.mean(1, keepdim=True); c = c / (c.norm(dim=(1, 2), keepdim=True) + 1e-6); t = u.shape[1]
    return torch.stack([(c[:, k:] * c[:, :t - k]).sum((1, 2)) * t / (t - k) for k in range(1, min(lags, t - 1) + 1)], 1)


def patches(x, p):                                                   # [B,L,T*P] -> [B,T,L,P]
    b, l, n = x.shape
    return x.reshape(b, l, n // p, p).transpose(1, 2)


class ErJepa(nn.Module):
    def __init__(self, c):
        super().__init__(); self.c = c; w = c["predictor_width"]
        self.encoder = Encoder(c)
        self.channel_predictor = Predictor(c, c["channel_predictor_depth"], nn.Parameter(torch.zeros(len(c["leads"]), w)))
        self.temporal_predictor = Predictor(c, c["temporal_predictor_depth"], nn.Parameter(sincos(c["intervals"], w), requires_grad=False), c["predictor_query"] == "neighbours")
        for m in self.modules():
            if isinstance(m, nn.Linear): nn.init.trunc_normal_(m.weight, std=0.02); nn.init.zeros_(m.bias)
        if self.encoder.leadwise: nn.init.normal_(self.encoder.aggregate, std=(len(c["leads"]) * c["width"]) ** -0.5)
        nn.init.trunc_normal_(self.encoder.patch_weight if self.encoder.leadwise_patch else self.encoder.patch.weight, std=c["interval_samples"] ** -0.5)
        for p in (self.encoder.lead, self.channel_predictor.place, self.channel_predictor.mask, self.temporal_predictor.mask, *(p for n, p in self.temporal_predictor.named_parameters() if "offset" in n)): nn.init.trunc_normal_(p, std=0.02)
        self.target = copy.deepcopy(self.encoder).requires_grad_(False)

    def loss(self, x, m, directions=None):
        """x [B,L,T*P]; m: masks with visible/hidden leads [B,K]/[B,L-K] and visible/hidden intervals [B,V]/[B,T-V]; directions [D,256] for sigreg."""
        d = self.c["width"]; p = patches(x, self.c["interval_samples"])
        with torch.no_grad():                                        # targets: everything visible, layer-normed over features
            z, u, v = self.target(x)
            z_hat = F.layer_norm(take(take(z, m["visible_intervals"]).transpose(1, 2), m["hidden_leads"]).transpose(1, 2), (d,))
            v_hat = F.layer_norm(take(v, m["hidden_intervals"]), (d,))
        seen = take(take(p, m["visible_intervals"]).transpose(1, 2), m["visible_leads"]).transpose(1, 2)      # [B,V,K,P]
        z = self.encoder.channels(seen, m["visible_leads"]); b, s, k, _ = z.shape
        rep = lambda i: i[:, None].expand(b, s, i.shape[1]).reshape(b * s, -1)
        z_pred = self.channel_predictor(z.reshape(b * s, k, d), rep(m["visible_leads"]), rep(m["hidden_leads"])).reshape(z_hat.shape)
        u = self.encoder.intervals(z, m["visible_leads"]); v = self.encoder.events(u, m["visible_intervals"])
        v_pred = self.temporal_predictor(v, m["visible_intervals"], m["hidden_intervals"])
        channel, temporal = F.smooth_l1_loss(z_pred, z_hat), F.smooth_l1_loss(v_pred, v_hat)
        reg = x.new_zeros(())
        if self.c["regulariser"] == "vicreg": reg = vicreg(u.reshape(-1, d)) + vicreg(v.reshape(-1, d)) + vicreg(v.mean(1))
        if self.c["regulariser"] == "sigreg": reg = sigreg(u.reshape(-1, d), directions) + sigreg(v.reshape(-1, d), directions)
        w = self.c["loss_weights"]; total = w[0] * channel + w[1] * temporal + self.c["regulariser_weight"] * reg
        return dict(total=total, channel=channel, temporal=temporal, regulariser=reg, z_pred=z_pred, z_hat=z_hat, v_pred=v_pred, v_hat=v_hat, interval=u, event=v)

    @torch.no_grad()
    def update_target(self, momentum):
        for q, k in zip(self.encoder.parameters(), self.target.parameters()): k.mul_(momentum).add_(q, alpha=1 - momentum)

    @torch.no_grad()
    def embed(self, x):                                              # [B, 4D + lags]: mean and std over time of intervals and events, rhythm profile
        self.eval(); _, u, v = self.encoder(x); self.train()
        return torch.cat([u.mean(1), u.std(1), v.mean(1), v.std(1), rhythm_profile(u)], 1)


def vicreg(z):                                                       # variance hinge at 1 and covariance penalty; z [n, d]
    z = z - z.mean(0); std = torch.sqrt(z.var(0) + 1e-4); cov = z.T @ z / (len(z) - 1)
    return F.relu(1 - std).mean() + 0.04 * (cov - torch.diag(torch.diag(cov))).pow(2).sum() / z.shape[1]


def sigreg(z, a=None, knots=17):                                     # Epps-Pulley distance of random projections to N(0,1); z [n, d], a [d, 256]
    a = torch.randn(z.shape[1], 256, device=z.device) if a is None else a
    p = z @ (a / a.norm(dim=0)); t = torch.linspace(0, 3, knots, device=z.device)
    phi = torch.exp(-t * t / 2); xt = p[..., None] * t
    return torch.trapz(((xt.cos().mean(0) - phi) ** 2 + xt.sin().mean(0) ** 2) * phi, t, dim=-1).mean() * len(z) / 100


def masks(c, b, g):
    """Per recording: a random set of leads, and blocks of intervals; the counts are the same for the whole batch."""
    l, t = len(c["leads"]), c["intervals"]; k = max(1, round(l * c["lead_keep"]))
    leads = torch.stack([torch.randperm(l, generator=g) for _ in range(b)])
    lo, hi = c["interval_mask_ratio"]; n = round(t * (lo + (hi - lo) * torch.rand(1, generator=g).item())); hidden, visible = [], []
    for _ in range(b):
        h = torch.zeros(t, dtype=torch.bool)
        while h.sum() < n:
            s = min(max(c["min_block"], 1), n - int(h.sum())); i = int(torch.randint(0, t - s + 1, (1,), generator=g)); h[i:i + s] = True
        hidden.append(h.nonzero()[:, 0]); visible.append((~h).nonzero()[:, 0])
    return dict(visible_leads=leads[:, :k].sort(1)[0], hidden_leads=leads[:, k:].sort(1)[0], visible_intervals=torch.stack(visible), hidden_intervals=torch.stack(hidden))


def standardise(x, scale="fixed"):                                   # x in uV; per lead no offset; scale 0.2 mV, clipped at 3 mV, or unit deviation of the recording
    x = x - x.mean(-1, keepdim=True)
    return (x / 200).clamp(-15, 15) if scale == "fixed" else x / (x.std((1, 2), keepdim=True) + 1e-6)


def save_safetensors(path, tensors, meta):
    names = {torch.float32: "F32", torch.int64: "I64"}; head, blob = {"__metadata__": meta}, b""
    for k, v in tensors.items():
        v = v.detach().contiguous(); raw = v.numpy().tobytes(); head[k] = dict(dtype=names[v.dtype], shape=list(v.shape), data_offsets=[len(blob), len(blob) + len(raw)]); blob += raw
    h = json.dumps(head).encode(); h += b" " * (-len(h) % 8)
    open(path, "wb").write(struct.pack("<Q", len(h)) + h + blob)


def fixture(path, seed, config):
    torch.manual_seed(seed); g = torch.Generator().manual_seed(seed)
    c = dict(DEFAULT, width=24, heads=3, predictor_width=12, predictor_heads=3, intervals=10, interval_samples=20, min_block=2, channel_depth=1, temporal_depth=2, temporal_predictor_depth=1)
    c.update(config); a = torch.randn(c["width"], 256, generator=g)
    model = ErJepa(c); x = standardise(torch.randn(3, len(c["leads"]), c["intervals"] * c["interval_samples"], generator=g).cumsum(-1) * 50); m = masks(c, 3, g)
    out = model.loss(x, m, a); out["total"].backward()
    t = {"weight." + k: v for k, v in model.state_dict().items()}
    t.update({"gradient." + k: p.grad for k, p in model.named_parameters() if p.grad is not None})
    t.update({"mask." + k: v for k, v in m.items()}, **{"out." + k: v for k, v in out.items()}, x=x, directions=a)
    z, u, v = model.encoder(x); t.update({"encode.lead": z, "encode.interval": u, "encode.event": v, "embedding": model.embed(x)})
    save_safetensors(path, t, dict(config=json.dumps(c), regulariser=c["regulariser"]))


def train(path, steps, config):
    c = dict(DEFAULT, **config); torch.manual_seed(0); g = torch.Generator().manual_seed(0)
    x = standardise(torch.tensor(np.load(path)["X"].astype(np.float32)), c["scale"]); model = ErJepa(c)
    decay = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]; plain = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    opt = torch.optim.AdamW([dict(params=decay, weight_decay=0.05), dict(params=plain, weight_decay=0.0)], lr=1e-3, betas=(0.9, 0.98))
    for i in range(steps):
        for group in opt.param_groups: group["lr"] = 1e-3 * min(1, (i + 1) / (0.1 * steps)) * (0.05 + 0.475 * (1 + math.cos(math.pi * i / steps)))
        batch = x[torch.randint(0, len(x), (32,), generator=g)]
        out = model.loss(batch, masks(c, len(batch), g)); opt.zero_grad(); out["total"].backward(); torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); opt.step()
        model.update_target(c["ema"][0] + (c["ema"][1] - c["ema"][0]) * i / steps)
        if i % 50 == 49: print(f"step {i + 1} channel {out['channel']:.4f} temporal {out['temporal']:.4f} regulariser {out['regulariser']:.4f}", flush=True)
    return model, x


if __name__ == "__main__":
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("what", choices=["fixture", "train"]); a.add_argument("path"); a.add_argument("--seed", type=int, default=0); a.add_argument("--steps", type=int, default=200); a.add_argument("--config", default="{}")
    o = a.parse_args()
    fixture(o.path, o.seed, json.loads(o.config)) if o.what == "fixture" else train(o.path, o.steps, json.loads(o.config))
