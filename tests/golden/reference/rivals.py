#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rivals of ER-JEPA and the options of ER-JEPA that er_jepa.py leaves out, as their descriptions have them and as
plainly as they can be written: what core/jepa is tested against. Blocks, predictor and regularisers are er_jepa.py's.

  rivals.py OUT.safetensors [--seed N] [--config JSON]    weights, a batch, masks, outputs and gradients of one step

A batch is a list of groups of recordings; those of a group have the same leads. Each group is (x [B,K,T*P], leads [K],
masks), the masks count the rows of x. Sources: 1-D JEPA: Weimann, Conrad 2024 (arXiv 2410.13867). ECG-JEPA: Kim 2024
(arXiv 2410.08559). LeNEPA: Chemeris, Jin, Balestriero 2026 (arXiv 2607.00958). Everything is computed in double.
"""
import argparse, copy, json, math
import torch, torch.nn as nn, torch.nn.functional as F
from er_jepa import DEFAULT, Encoder, Predictor, Transformer, masks, patches, save_safetensors, sigreg, sincos, standardise, take, vicreg

OPTIONS = dict(architecture="er-jepa", teacher="ema", target_level="event", target_layers=1, target_centre="none",
               regulariser_interval="same", regulariser_event="same", regulariser_lead="none")


def take_rows(x, rows):                                              # x [B,T,L,...], rows [B,K] -> [B,T,K,...]
    return take(x.transpose(1, 2), rows).transpose(1, 2)


class Model(nn.Module):
    """Loss of a batch: the mean over recordings of the groups' losses; regularisers over all encodings together."""
    def __init__(self, c):
        super().__init__(); self.c = c

    def kind(self, level): return self.c["regulariser"] if self.c["regulariser_" + level] == "same" else self.c["regulariser_" + level]

    def loss(self, groups, a):
        n = sum(len(x) for x, _, _ in groups); each = [self.terms(*g) for g in groups]; share = [len(x) / n for x, _, _ in groups]
        channel = sum(s * t["channel"] for s, t in zip(share, each)); temporal = sum(s * t["temporal"] for s, t in zip(share, each))
        u = torch.cat([t["interval"] for t in each]) if "interval" in each[0] else None; v = torch.cat([t["event"] for t in each])
        reg = self.regularise(u, v, a); w = self.c["loss_weights"]; d = self.c["width"]
        if self.c["regulariser_lead"] != "none":                     # each lead's encoding of each interval is one point
            z = torch.cat([t["lead"].reshape(-1, d) for t in each]); reg = reg + (vicreg(z) if self.c["regulariser_lead"] == "vicreg" else sigreg(z, a))
        w = self.c["loss_weights"]
        return dict(total=w[0] * channel + w[1] * temporal + self.c["regulariser_weight"] * reg, channel=channel, temporal=temporal, regulariser=reg)

    def regularise(self, u, v, a):
        d, reg = self.c["width"], torch.zeros(())
        if u is not None and self.kind("interval") == "vicreg": reg = reg + vicreg(u.reshape(-1, d))
        if u is not None and self.kind("interval") == "sigreg": reg = reg + sigreg(u.reshape(-1, d), a)
        if self.kind("event") == "vicreg": reg = reg + vicreg(v.reshape(-1, d)) + vicreg(v.mean(1))
        if self.kind("event") == "sigreg": reg = reg + sigreg(v.reshape(-1, d), a)
        return reg


class ErJepa(Model):
    """ER-JEPA with every option: attention aggregation, no channel JEPA, self teacher, other targets, missing leads."""
    class Encoder(Encoder):
        def __init__(self, c):
            super().__init__(c); self.heads = c["heads"]; self.attends = c["aggregation"] == "attention"
            if self.attends:
                self.aggregate_query = nn.Parameter(torch.zeros(c["heads"], c["width"])); self.aggregate_value = nn.Linear(c["width"], c["width"])
        def intervals(self, z, leads):
            if not self.attends: return super().intervals(z, leads)
            b, t, k, d = z.shape; out = []
            for h in range(self.heads):                              # a head's query weighs the leads for its part of their values
                w = ((z @ self.aggregate_query[h]) / d ** 0.5).softmax(2)                          # [B,T,K]
                out.append((w[..., None] * self.aggregate_value(z)[..., h * d // self.heads:(h + 1) * d // self.heads]).sum(2))
            return torch.cat(out, -1)

    def __init__(self, c):
        super().__init__(c); w = c["predictor_width"]
        self.encoder = ErJepa.Encoder(c); self.has_channel = c["architecture"] == "er-jepa"
        if self.has_channel: self.channel_predictor = Predictor(c, c["channel_predictor_depth"], nn.Parameter(torch.zeros(len(c["leads"]), w)))
        self.temporal_predictor = Predictor(c, c["temporal_predictor_depth"], nn.Parameter(sincos(c["intervals"], w), requires_grad=False))
        if c["target_level"] == "both": self.temporal_predictor.out = nn.Linear(w, 2 * c["width"])
        self.target = copy.deepcopy(self.encoder) if c["teacher"] == "ema" else None

    def layers(self, transformer, x, n):                             # the mean of the last n layers' layer-normed outputs
        out = []
        for block in transformer.blocks: x = block(x); out.append(x)
        out = (out or [x])[-n:]; out[-1] = transformer.norm(out[-1])
        return sum(F.layer_norm(o, o.shape[-1:]) for o in out) / len(out)

    @torch.no_grad()
    def targets(self, x, leads):                                     # -> lead targets [B,T,K,D], temporal targets [B,T,D or 2D]
        e, c = self.target or self.encoder, self.c; p = patches(x, c["interval_samples"]); b, t, k, _ = p.shape; d = c["width"]
        leads = leads.expand(b, k)
        z0 = torch.einsum("btkp,bkpd->btkd", p, e.patch_weight[leads]) if e.leadwise_patch else e.patch(p)
        z0 = (z0 + e.lead[leads][:, None]).reshape(b * t, k, d)
        z = self.layers(e.channel, z0, c["target_layers"]).reshape(b, t, k, d)
        u = e.intervals(e.channel(z0).reshape(b, t, k, d), leads)
        v = self.layers(e.temporal, e.event(u) + e.position[:t], c["target_layers"])
        centre = (lambda y: y - y.mean(1, keepdim=True)) if c["target_centre"] == "recording" else (lambda y: y)
        u = F.layer_norm(u, (d,))
        return z, dict(event=centre(v), interval=centre(u), both=torch.cat([centre(v), centre(u)], -1))[c["target_level"]]

    def terms(self, x, leads, m):
        p = patches(x, self.c["interval_samples"]); b = len(x); d = self.c["width"]
        z_all, y_all = self.targets(x, leads); y = take(y_all, m["hidden_intervals"])
        seen_leads, hidden_leads = leads[m["visible_leads"]], leads[m["hidden_leads"]]
        z = self.encoder.channels(take_rows(take(p, m["visible_intervals"]), m["visible_leads"]), seen_leads); s, k = z.shape[1:3]
        out = dict(channel=torch.zeros(()), lead=z)
        if self.has_channel and hidden_leads.shape[1]:
            z_hat = take_rows(take(z_all, m["visible_intervals"]), m["hidden_leads"])
            rep = lambda i: i[:, None].expand(b, s, i.shape[1]).reshape(b * s, -1)
            z_pred = self.channel_predictor(z.reshape(b * s, k, d), rep(seen_leads), rep(hidden_leads)).reshape(z_hat.shape)
            out["channel"] = F.smooth_l1_loss(z_pred, z_hat)
        out["interval"] = self.encoder.intervals(z, seen_leads); out["event"] = self.encoder.events(out["interval"], m["visible_intervals"])
        out["temporal"] = F.smooth_l1_loss(self.temporal_predictor(out["event"], m["visible_intervals"], m["hidden_intervals"]), y)
        return out

    def encode(self, x, leads):
        p = patches(x, self.c["interval_samples"]); b, t, k, _ = p.shape; leads = leads.expand(b, k)
        z = self.encoder.channels(p, leads); u = self.encoder.intervals(z, leads)
        return z, u, self.encoder.events(u, torch.arange(t).expand(b, t))


class FusedTokens(nn.Module):                                        # all leads of an interval to one token
    def __init__(self, c):
        super().__init__(); d = c["width"]; self.p = c["interval_samples"]; self.all = len(c["leads"])
        self.patch_weight = nn.Parameter(torch.zeros(self.all, self.p, d)); self.patch_bias = nn.Parameter(torch.zeros(d))
        self.transformer = Transformer(d, c["channel_depth"] + c["temporal_depth"], c["heads"], c["mlp_ratio"], c["dropout"])
        self.register_buffer("position", sincos(c["intervals"], d), persistent=False)
    def each(self, x, leads): return torch.einsum("btkp,kpd->btkd", patches(x, self.p), self.patch_weight[leads]) * (self.all / len(leads)) ** 0.5
    def tokens(self, x, leads): return self.each(x, leads).sum(2) + self.patch_bias


class OneDJepa(Model):
    """Weimann and Conrad: one token an interval; encode the visible, predict the hidden; mean absolute error to the teacher's output."""
    def __init__(self, c):
        super().__init__(c); self.encoder = FusedTokens(c)
        self.temporal_predictor = Predictor(c, c["temporal_predictor_depth"], nn.Parameter(sincos(c["intervals"], c["predictor_width"]), requires_grad=False))
        self.target = copy.deepcopy(self.encoder) if c["teacher"] == "ema" else None
    def terms(self, x, leads, m):
        with torch.no_grad():
            e = self.target or self.encoder; h = take(e.transformer(e.tokens(x, leads) + e.position), m["hidden_intervals"])
        e = self.encoder; u = take(e.tokens(x, leads), m["visible_intervals"]); v = e.transformer(u + e.position[m["visible_intervals"]])
        return dict(channel=torch.zeros(()), interval=u, event=v, temporal=(self.temporal_predictor(v, m["visible_intervals"], m["hidden_intervals"]) - h).abs().mean())
    def encode(self, x, leads):
        u = self.encoder.tokens(x, leads)
        return self.encoder.each(x, leads), u, self.encoder.transformer(u + self.encoder.position)


class MaskedTransformer(Transformer):                                # x [B,S,D], sees [S,S]: which tokens see which
    def forward(self, x, sees):
        for b in self.blocks:
            n, s, d = x.shape; a = b.attn
            q, k, v = a.qkv(b.norm1(x)).reshape(n, s, 3, a.heads, d // a.heads).permute(2, 0, 3, 1, 4).unbind(0)
            w = ((q @ k.transpose(-2, -1)) * (d // a.heads) ** -0.5).masked_fill(~sees, -math.inf).softmax(-1)
            x = x + a.proj((w @ v).transpose(1, 2).reshape(n, s, d)); x = x + b.fc2(F.gelu(b.fc1(b.norm2(x))))
        return self.norm(x)


class EcgJepa(Model):
    """Kim: every patch of every lead a token; a token sees its own lead and its own time; the predictor takes a lead at a time."""
    class Encoder(nn.Module):
        def __init__(self, c):
            super().__init__(); d, l, t = c["width"], len(c["leads"]), c["intervals"]; self.p = c["interval_samples"]
            self.patch = nn.Linear(self.p, d); self.transformer = MaskedTransformer(d, c["channel_depth"] + c["temporal_depth"], c["heads"], c["mlp_ratio"], 0.0)
            place = torch.cat([sincos(t, d // 2)[None].expand(l, t, d // 2), sincos(l, d // 2)[:, None].expand(l, t, d // 2)], -1)
            self.register_buffer("place", place, persistent=False)   # [L,T,D]
        def forward(self, x, leads, intervals):                      # of the intervals [B,V] -> [B,K,V,D]
            z = self.patch(patches(x, self.p)).transpose(1, 2) + self.place[leads]                 # [B,K,T,D]
            z = torch.stack([z[i][:, intervals[i]] for i in range(len(x))]); b, k, v, d = z.shape
            lead, time = torch.arange(k).repeat_interleave(v), torch.arange(v).repeat(k)
            sees = (lead[:, None] == lead) | (time[:, None] == time)
            return self.transformer(z.reshape(b, k * v, d), sees).reshape(b, k, v, d)
    def __init__(self, c):
        super().__init__(c); self.encoder = EcgJepa.Encoder(c)
        self.temporal_predictor = Predictor(c, c["temporal_predictor_depth"], nn.Parameter(sincos(c["intervals"], c["predictor_width"]), requires_grad=False))
        self.target = copy.deepcopy(self.encoder) if c["teacher"] == "ema" else None
    def terms(self, x, leads, m):
        visible, hidden = m["visible_intervals"], m["hidden_intervals"]; everything = torch.arange(self.c["intervals"]).expand(len(x), -1)
        with torch.no_grad():
            h = (self.target or self.encoder)(x, leads, everything); h = F.layer_norm(h, h.shape[-1:])
            h = torch.stack([h[i][:, hidden[i]] for i in range(len(x))])
        z = self.encoder(x, leads, visible)
        pred = torch.stack([self.temporal_predictor(z[:, k], visible, hidden) for k in range(len(leads))], 1)
        return dict(channel=torch.zeros(()), event=z.mean(1), temporal=F.smooth_l1_loss(pred, h))
    def encode(self, x, leads):
        z = self.encoder(x, leads, torch.arange(self.c["intervals"]).expand(len(x), -1)).transpose(1, 2)
        return z, z.mean(2), z.mean(2)


class LeNepa(Model):
    """Chemeris, Jin, Balestriero: the causal output at t predicts the token at t + 1, both projected; SIGReg over each recording's time."""
    class Encoder(FusedTokens):
        def __init__(self, c):
            super().__init__(c); self.transformer = MaskedTransformer(c["width"], c["channel_depth"] + c["temporal_depth"], c["heads"], c["mlp_ratio"], 0.0)
        def outputs(self, tokens):
            t = tokens.shape[1]
            return self.transformer(tokens + self.position, torch.ones(t, t, dtype=torch.bool).tril())
    class Projector(nn.Module):
        def __init__(self, d):
            super().__init__(); self.fc1 = nn.Linear(d, 8 * d); self.norm = nn.BatchNorm1d(8 * d, track_running_stats=False); self.fc2 = nn.Linear(8 * d, 64)
        def forward(self, z): return self.fc2(F.relu(self.norm(self.fc1(z.flatten(0, 1))))).reshape(*z.shape[:2], 64)
    def __init__(self, c):
        super().__init__(c); self.encoder = LeNepa.Encoder(c); self.projector = LeNepa.Projector(c["width"]); self.target = None
    def terms(self, x, leads, m):
        tokens = self.encoder.tokens(x, leads); u, v = self.projector(tokens), self.projector(self.encoder.outputs(tokens))
        return dict(channel=torch.zeros(()), interval=u, event=v, temporal=((v[:, :-1] - u[:, 1:]) ** 2).mean())
    def regularise(self, u, v, a):
        each = []
        for z in [*(u if self.kind("interval") == "sigreg" else []), *(v if self.kind("event") == "sigreg" else [])]:    # z [T,64] of one recording
            each.append(sigreg(z, a) * 100 / len(z) * 2)             # over the whole line and without the number of tokens
        return torch.stack(each).mean() if each else torch.zeros(())
    def encode(self, x, leads):
        u = self.encoder.tokens(x, leads)
        return self.encoder.each(x, leads), u, self.encoder.outputs(u)


ARCHITECTURES = {"er-jepa": ErJepa, "er-jepa-no-channel": ErJepa, "1d-jepa": OneDJepa, "ecg-jepa": EcgJepa, "lenepa": LeNepa}


def fixture(path, seed, config):
    torch.manual_seed(seed); g = torch.Generator().manual_seed(seed)
    c = dict(DEFAULT, **OPTIONS, width=24, heads=3, predictor_width=12, predictor_heads=3, intervals=10, interval_samples=20, min_block=2, channel_depth=1,
             temporal_depth=2, temporal_predictor_depth=1)
    subsets = config.pop("subsets", [list(range(len(config.get("leads", c["leads"]))))]); c.update(config)
    model = ARCHITECTURES[c["architecture"]](c)
    for name, p in model.named_parameters():                         # any weights will do, but no symmetry among them
        if name == "temporal_predictor.place" or name.startswith("target."): continue
        centre = 1.0 if name.endswith(("norm.weight", "norm1.weight", "norm2.weight")) else 0.0
        nn.init.normal_(p, mean=centre, std=0.15)
    if model.target: model.target.load_state_dict({k: v + 0.05 * torch.randn(v.shape, generator=g) for k, v in model.encoder.state_dict().items()})
    groups, t = [], {"weight." + k: v for k, v in model.state_dict().items()}
    hide = round(c["intervals"] * sum(c["interval_mask_ratio"]) / 2)
    for i, leads in enumerate(subsets):
        n = 3 - i                                                    # groups of 3, 2, ... recordings
        x = standardise(torch.randn(n, len(leads), c["intervals"] * c["interval_samples"], generator=g).cumsum(-1) * 50)
        m = masks(dict(c, leads=leads, interval_mask_ratio=[hide / c["intervals"]] * 2), n, g)
        if c["architecture"] != "er-jepa": m.update(visible_leads=torch.arange(len(leads)).expand(n, -1), hidden_leads=torch.zeros(n, 0, dtype=torch.int64))
        groups.append((x, torch.tensor(leads), m))
        t.update({f"x.{i}": x, f"leads.{i}": torch.tensor(leads)}, **{f"mask.{i}.{k}": v for k, v in m.items()})
    a = torch.randn(64 if c["architecture"] == "lenepa" else c["width"], 256, generator=g); t["directions"] = a
    model.double(); wide = [(x.double(), leads, m) for x, leads, m in groups]; before = torch.get_default_dtype(); torch.set_default_dtype(torch.float64)
    out = model.loss(wide, a.double()); out["total"].backward()
    t.update({"out." + k: v for k, v in out.items()}, **{"gradient." + k: p.grad for k, p in model.named_parameters() if p.grad is not None})
    for i, (x, leads, _) in enumerate(wide): t.update({f"encode.{i}.{k}": v for k, v in zip(("lead", "interval", "event"), model.encode(x, leads))})
    torch.set_default_dtype(before)
    save_safetensors(path, {k: v.float() if v.is_floating_point() else v for k, v in t.items() if v.numel()}, dict(config=json.dumps(c), groups=str(len(groups))))


if __name__ == "__main__":
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("path"); a.add_argument("--seed", type=int, default=0); a.add_argument("--config", default="{}")
    o = a.parse_args(); fixture(o.path, o.seed, json.loads(o.config))
