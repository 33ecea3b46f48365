"""Teaches a trained model a little more without its forgetting: `python further.py --start DIR --data … --lists … --texts … --out DIR`.

Half of each step is aimed: templates, half of them of the files that `--aimed` names, and sentences put together. The other half
is natural text, prompts, code and other languages, of which nothing is to change: there the loss is how far the model's
opinion strays from that of the model it began as (Li and Hoiem, Learning without Forgetting, ECCV 2016)."""

import argparse
import copy
import json
import time
from pathlib import Path
from random import Random

import torch
import torch.nn.functional as F

from augment import augmented
from corpus import Corpus
from encode import LABELS, encode
from model import Tagger, load_half, save_half
from natural import Natural
from train import Batches, disturbed, freeze, load_lists

AIMED = {"private": 0.55, "clean": 0.30, "grammar": 0.15}
KEPT = {"natural": 0.45, "prompts": 0.15, "foreign": 0.15, "code": 0.08, "mixed": 0.13, "mined": 0.04}
NOISE = 0.06


def aimed_pools(corpus: Corpus, names: list[str]) -> dict[str, list]:
    return {kind: [t for t in getattr(corpus, kind) if t[2].split(".")[0] in names] for kind in ("private", "clean")}


def drawn(corpus: Corpus, shares: dict[str, float], pools: dict[str, list], count: int, seed: int, longest: int) -> list:
    r, found = Random(seed), []
    while len(found) < count:
        kind = r.choices(list(shares), list(shares.values()))[0]
        if pools.get(kind) and r.random() < 0.5:
            text, language, _ = r.choice(pools[kind])
            example = corpus.filler.fill(text, language, r)
        else:
            example = corpus._one(kind, r)
        encoded = encode(augmented(example, r), r)
        if encoded and len(encoded[0]) <= longest:
            found.append(encoded)
    return found


def stray(student: torch.Tensor, teacher: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence in the mean over the tokens."""
    found = F.kl_div(F.log_softmax(student, -1), F.log_softmax(teacher, -1), reduction="none", log_target=True).sum(-1)
    return (found * mask).sum() / mask.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("start", "data", "lists", "texts", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--aimed", default="rosters,heroes,public-asked", help="files of templates that come oftener")
    parser.add_argument("--examples", type=int, default=24_000, help="aimed ones, and half as many of the others")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--tokens", type=int, default=2048, help="tokens of each half of a step")
    parser.add_argument("--frozen", type=int, default=3)
    parser.add_argument("--hold", type=float, default=4.0, help="what straying counts")
    parser.add_argument("--longest", type=int, default=96)
    parser.add_argument("--keep-minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=29)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)
    mined = json.loads((arguments.start / "mined.json").read_text("utf-8"))
    corpus = Corpus(load_lists(arguments.lists), Natural(arguments.data, arguments.texts), mined)
    pools = aimed_pools(corpus, arguments.aimed.split(","))
    halves = [drawn(corpus, shares, own, count, arguments.seed + turn, arguments.longest)
              for turn, (shares, own, count) in enumerate([(AIMED, pools, arguments.examples), (KEPT, {}, arguments.examples // 2)])]
    print({kind: len(found) for kind, found in pools.items()}, [sum(len(ids) for ids, *_ in half) for half in halves], "tokens", flush=True)
    del corpus
    aimed, kept = (Batches(half, "cpu", arguments.tokens, arguments.seed) for half in halves)
    model = Tagger(len(LABELS))
    load_half(model, arguments.start / "model.pt")
    teacher = copy.deepcopy(model).eval()
    freeze(model, arguments.frozen)
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=arguments.rate, betas=(0.9, 0.98), weight_decay=0.01)
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    arguments.out.mkdir(parents=True, exist_ok=True)
    began, step, queues, saved = time.monotonic(), 0, [[], []], 0.0
    model.train()
    while (progress := (time.monotonic() - began) / 60 / arguments.minutes) < 1:
        for queue, batches in zip(queues, (aimed, kept), strict=True):
            if not queue:
                queue += batches.epoch()
        for group in optimizer.param_groups:
            group["lr"] = arguments.rate * min(1.0, (progress + 0.005) / 0.05) * (1 - progress)
        ids, mask, cases, labels = aimed.take(queues[0].pop())
        logits = model(disturbed(ids, labels, mask, NOISE), mask, cases)
        learning = F.cross_entropy(logits.reshape(-1, len(LABELS)), labels.reshape(-1), ignore_index=-100)
        ids, mask, cases, labels = kept.take(queues[1].pop())
        with torch.no_grad():
            before = teacher(ids, mask, cases)
        straying = stray(model(ids, mask, cases), before, mask)
        optimizer.zero_grad(set_to_none=True)
        (learning + arguments.hold * straying).backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        step += 1
        if step % 5 == 0:
            with torch.no_grad():
                weight = min(0.97, step / (step + 50))
                for name, value in model.state_dict().items():
                    average[name].lerp_(value, 1 - weight)
        if step % 20 == 0:
            print(json.dumps({"step": step, "progress": round(progress, 3), "aimed": round(learning.item(), 4), "strays": round(straying.item(), 4)}), flush=True)
        if (time.monotonic() - began) / 60 - saved > arguments.keep_minutes:
            saved = (time.monotonic() - began) / 60
            save_half(average, arguments.out / "model.pt")
    save_half(average, arguments.out / "model.pt")
    (arguments.out / "mined.json").write_text(json.dumps(mined), "utf-8")
    print(step, "steps", flush=True)


if __name__ == "__main__":
    main()
