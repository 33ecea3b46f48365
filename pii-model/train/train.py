"""Trains the tagger: examples are made by all processors, sorted by length into batches, the rate falls to nothing at the end."""

import json
import multiprocessing
import os
import time
from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F

from encode import HIDDEN, LABELS, encode
from model import Tagger

MASK = 103
_corpus = None


def _start(lists: dict, natural, mined: list[str]) -> None:
    global _corpus  # noqa: PLW0603 - one corpus in each process of the pool
    from corpus import Corpus

    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _corpus = Corpus(lists, natural, mined)


def _make(job: tuple[int, int]) -> list:
    seed, count = job
    r = Random(seed)
    return [encoded for encoded in (encode(_corpus.draw(r), r) for _ in range(count)) if encoded]


def make_examples(lists: dict, natural, mined: list[str], count: int, seed: int, processes: int) -> list:
    jobs = [(seed * 1_000_003 + at, 500) for at in range(max(1, count // 500))]
    if processes == 1:
        _start(lists, natural, mined)
        return [example for job in jobs for example in _make(job)]
    with multiprocessing.get_context("fork").Pool(processes, _start, (lists, natural, mined)) as pool:
        return [example for part in pool.imap_unordered(_make, jobs) for example in part]


class Batches:
    """All examples on the device, in one row each after the other; a batch is about as many tokens as the last."""

    def __init__(self, examples: list, device: str, tokens: int, seed: int):
        self.device, self.tokens, self.random = device, tokens, np.random.default_rng(seed)
        self.lengths = np.array([len(ids) for ids, _, _ in examples])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        self.flat = [torch.from_numpy(np.concatenate([e[part] for e in examples]).astype(np.int32)).to(device) for part in range(3)]

    def epoch(self) -> list[np.ndarray]:
        """Shuffled, then sorted by length within chunks, then the batches are shuffled."""
        order = self.random.permutation(len(self.lengths))
        batches = []
        for begin in range(0, len(order), 8192):
            chunk = order[begin : begin + 8192]
            chunk = chunk[np.argsort(self.lengths[chunk], kind="stable")]
            at = 0
            while at < len(chunk):
                size = max(8, self.tokens // int(min(128, self.lengths[chunk[min(len(chunk) - 1, at + 8)]] + 8)))
                batches.append(chunk[at : at + size])
                at += size
        self.random.shuffle(batches)
        return batches

    def take(self, chosen: np.ndarray) -> tuple[torch.Tensor, ...]:
        longest = -(-int(self.lengths[chosen].max()) // 8) * 8
        steps = torch.arange(longest, device=self.device)
        starts, lengths = (torch.from_numpy(values[chosen]).to(self.device) for values in (self.starts, self.lengths))
        mask = steps[None] < lengths[:, None]
        index = (starts[:, None] + steps[None]).clamp(max=len(self.flat[0]) - 1)
        ids, cases, labels = (part[index].long() for part in self.flat)
        return ids * mask, mask.long(), cases * mask, torch.where(mask & (labels != HIDDEN), labels, -100)


def disturbed(ids: torch.Tensor, labels: torch.Tensor, mask: torch.Tensor, share: float) -> torch.Tensor:
    """Pieces of names become other pieces, so that the place counts and not only the name; in every second text some of
    the rest is masked or replaced, so that no sentence can be known by heart."""
    dice = torch.rand(ids.shape, device=ids.device)
    other = torch.randint(1996, 30522, ids.shape, device=ids.device)
    ids = torch.where((labels >= 1) & (labels <= 4) & (dice < share), other, ids)
    chosen = torch.rand(len(ids), 1, device=ids.device) < 0.5
    rate = torch.rand(len(ids), 1, device=ids.device) * 0.25
    around = (labels == 0) & (mask > 0) & chosen & (dice < rate)
    return torch.where(around, torch.where(torch.rand(ids.shape, device=ids.device) < 0.5, torch.full_like(ids, MASK), other), ids)


def freeze(model: Tagger, layers: int) -> None:
    """The embeddings and so many of the lowest layers stay as they are: for a processor's sake."""
    for part in [model.words, model.places, model.cases, model.norm, *model.layers[:layers]] if layers else []:
        part.requires_grad_(False)


def train(model: Tagger, batches: Batches, *, epochs: int, minutes: float, rate: float, smoothing: float = 0.0, noise: float = 0.06, keep=None, keep_minutes: float = 1e9) -> dict:
    """Ends after so many epochs or minutes, whichever comes first; the rate follows what is nearer to its end. `keep` is
    given the averaged weights every so many minutes."""
    device, began = batches.device, time.monotonic()
    learnt = [p for p in model.parameters() if p.requires_grad]
    decayed, rest = [p for p in learnt if p.ndim > 1], [p for p in learnt if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=rate, betas=(0.9, 0.98), fused=device == "cuda")
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    per_epoch, step, done, losses, kept = len(batches.epoch()), 0, False, [], began
    for _ in range(epochs):
        for chosen in batches.epoch():
            progress = max(step / (per_epoch * epochs), (time.monotonic() - began) / 60 / minutes)
            if progress >= 1:
                done = True
                break
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (progress + 0.002) / 0.04) * (1 - progress)
            ids, mask, cases, labels = batches.take(chosen)
            model.train()
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                logits = model(disturbed(ids, labels, mask, noise), mask, cases)
            loss = F.cross_entropy(logits.float().reshape(-1, len(LABELS)), labels.reshape(-1), ignore_index=-100, label_smoothing=smoothing)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step % 10 == 0:
                with torch.no_grad():
                    weight = min(0.99, step / (step + 100))
                    for name, value in model.state_dict().items():
                        average[name].lerp_(value.float(), 1 - weight)
            if keep and time.monotonic() - kept > keep_minutes * 60:
                kept = time.monotonic()
                keep(average)
            if step % (200 if device == "cuda" else 20) == 0:
                losses.append(round(loss.item(), 4))
                print(json.dumps({"step": step, "progress": round(progress, 3), "loss": losses[-1], "s": round(time.monotonic() - began)}), flush=True)
        if done:
            break
    model.load_state_dict(average)
    return {"steps": step, "epochs": step / per_epoch, "seconds": round(time.monotonic() - began, 1), "losses": losses[-5:]}


def load_lists(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))
