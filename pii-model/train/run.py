"""Everything in order: data, training, mining, training again, judging. `run.py --help` for what it takes."""

import argparse
import json
import multiprocessing
import time
from pathlib import Path

import torch

from encode import LABELS
from evaluate import report, scored, show, torch_judge
from decode import detect
from heldout import heldout
from mine import clean_texts, mine
from model import Tagger, load_half, load_pretrained, save_half
from natural import Natural
from train import Batches, freeze, load_lists, make_examples, train

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz, dev-*.jsonl.gz; routing/ beside it")
parser.add_argument("--lists", type=Path, required=True, help="what lists.py made")
parser.add_argument("--texts", type=Path, required=True, help="what clean_texts.py made")
parser.add_argument("--weights", type=Path, help="model.safetensors of all-MiniLM-L6-v2")
parser.add_argument("--out", type=Path, required=True)
parser.add_argument("--examples", type=int, default=200_000, help="examples of one round")
parser.add_argument("--epochs", type=int, default=4)
parser.add_argument("--minutes", type=float, default=1e9, help="limit of training, both rounds together")
parser.add_argument("--rate", type=float, default=2e-4)
parser.add_argument("--tokens", type=int, default=8192, help="tokens of a batch")
parser.add_argument("--held", type=int, default=3000)
parser.add_argument("--mine", type=int, default=1, help="rounds of mining, each before another training")
parser.add_argument("--start", type=Path, help="goes on from what an earlier run put into this folder: model and mined texts")
parser.add_argument("--smoothing", type=float, default=0.0)
parser.add_argument("--frozen", type=int, default=0, help="so many lowest layers, and the embeddings, are left as they are")
parser.add_argument("--longest", type=int, default=128, help="leave out longer examples")
parser.add_argument("--keep-minutes", type=float, default=1e9, help="writes kept-SECONDSs.pt that often while it trains")
parser.add_argument("--no-judging", action="store_true", help="only train")
parser.add_argument("--seed", type=int, default=17)
parser.add_argument("--judge-rows", type=int, default=0, help="judge on so many rows only, for a trial")


def main() -> None:
    arguments = parser.parse_args()
    began = time.monotonic()
    log = lambda *what: print(f"[{time.monotonic() - began:6.1f}s]", *what, flush=True)  # noqa: E731
    torch.manual_seed(arguments.seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    device = "cuda" if torch.cuda.is_available() else "cpu"
    processes = max(1, multiprocessing.cpu_count() - 1) if device == "cuda" else max(1, multiprocessing.cpu_count() // 2)
    lists, natural = load_lists(arguments.lists), Natural(arguments.data, arguments.texts)
    log("data read", device, processes)
    model = Tagger(len(LABELS))
    arguments.out.mkdir(parents=True, exist_ok=True)
    mined: list[str] = []
    if arguments.start is None:
        load_pretrained(model, arguments.weights)
    else:
        load_half(model, arguments.start / "model.pt")
        mined = json.loads((arguments.start / "mined.json").read_text("utf-8"))
    freeze(model, arguments.frozen)
    rounds = arguments.mine + 1
    for number in range(rounds):
        examples = make_examples(lists, natural, mined, arguments.examples, arguments.seed + number, processes)
        examples = [example for example in examples if len(example[0]) <= arguments.longest]
        log("examples", len(examples))
        model.to(device)
        batches = Batches(examples, device, arguments.tokens, arguments.seed)
        log(train(model, batches, epochs=arguments.epochs, minutes=arguments.minutes / rounds, rate=arguments.rate * (0.7 if mined else 1), smoothing=arguments.smoothing,
                  keep=lambda state: save_half(state, arguments.out / f"kept-{time.monotonic() - began:.0f}s.pt"), keep_minutes=arguments.keep_minutes))
        save_half(model.state_dict(), arguments.out / "model.pt")
        del batches
        if arguments.start and number + 1 == rounds:
            break
        texts = clean_texts(natural, lists, arguments.seed + number, 12_000)
        found = mine(torch_judge(model, device), texts[:: len(texts) // arguments.judge_rows if arguments.judge_rows else 1], 0.4)
        mined = list(dict.fromkeys([*mined, *found]))
        (arguments.out / "mined.json").write_text(json.dumps(mined), "utf-8")
        log("mined", len(found), "of", len(texts))
    if arguments.no_judging:
        return
    judge = torch_judge(model, device)
    held = heldout(lists, arguments.held)
    results, held_found = scored(arguments.data, judge, arguments.judge_rows), detect([e.text for e in held], judge)
    (arguments.out / "findings.json").write_text(json.dumps({**{name: found for name, (_, found) in results.items()}, "held": held_found}))
    table = report(results, held, held_found)
    (arguments.out / "metrics.json").write_text(json.dumps(table, indent=1))
    print(show(table))
    log("done")


if __name__ == "__main__":
    main()
