"""Fits the second stage and writes names.json: `python fit_names.py MODEL_DIR --data DATA --lists LISTS --texts TEXTS`.

Learns from natural sets of the training data, as they are and with their names replaced, from templates and from prompts; in every
second one some pieces are masked, since the first stage knows these texts better than it will know others.
Its own score counts `TRUST` of what it says, for the same reason. Where PERSON's threshold lies is chosen on the dev sets."""

import argparse
import json
import pickle
from pathlib import Path
from random import Random

import numpy as np

from corpus import Corpus
from decode import log_softmax, paths_of_names, windows
from evaluate import onnx_judge
from fill import HERE
from lists import FOLDED, _provider, _strings, held_out, usable
from name_cues import CUES, STORY
from natural import Natural, rows
from rescore import WORD, Bloom, Rescorer, folded, plain_name, proposals
from tokenizer import tokenize

MASK, MASKED = 103, 0.12
TRUST, RIDGE, NATURAL = 0.7, 100.0, 3.0
# Chosen on the dev sets: what stands for even odds.
EVEN = -1.25
OUTSIDE = 3.0
LEAST_WEIGHT = 0.05
FAMOUS_BITS = 24
LABELLED = {"btc": 6336, "wnut17": 3393, "nlu": 1200, "restaurant8k": 1200}
SWAPPED, DRAWN, PROMPTS, PROMPT = 1000, 9000, 1800, 900


def texts_of(data: Path, lists: dict, natural: Natural, r: Random) -> list[tuple[str, str, list]]:
    """(source, text, spans); spans of type None are not judged."""
    corpus = Corpus(lists, natural, [])
    found = []
    for name, count in LABELLED.items():
        for example in r.sample(natural.labelled[name], min(count, len(natural.labelled[name]))):
            found.append((name, example.text, example.spans))
    for name in ("btc", "wnut17", "wikigold"):
        for example in r.sample(natural.labelled[name], SWAPPED):
            if r.random() < 0.3:
                example = natural.with_inserted(example, corpus.filler, r)
            example = natural.with_others(example, corpus.filler, r, 1.0, name)
            found.append((name, example.text, example.spans))
    for _ in range(DRAWN):
        example = corpus.draw(r)
        found.append(("drawn", example.text, example.spans))
    prompts = [row["prompt"] for row in rows(data.parent / "routing" / "llmrouter-9models-train.jsonl.gz")]
    found += [("prompt", prompt[:PROMPT], []) for prompt in r.sample(prompts, PROMPTS)]
    r.shuffle(found)
    return found


def material(model: Path, texts: list, r: Random) -> list[tuple[str, str, list, np.ndarray, list]]:
    """With the first stage's log-probabilities and the offsets."""
    judge = onnx_judge(model / "model.onnx", 1)
    found = []
    for number, (source, text, spans) in enumerate(texts):
        pieces = tokenize(text)
        cut = [window for window in windows(pieces) if len(window[0]) > 2]
        if not cut:
            continue
        share = MASKED if number % 2 else 0.0
        seen = [([MASK if 0 < at < len(ids) - 1 and r.random() < share else piece for at, piece in enumerate(ids)], cases) for ids, cases, *_ in cut]
        parts = [log_softmax(logits[1:-1])[low:high] for logits, (_, _, low, high) in zip(judge(seen), cut, strict=True)]
        found.append((source, text, spans, np.concatenate(parts).astype(np.float16), pieces.offsets))
    return found


def name_lists() -> dict[str, Bloom]:
    """Faker's names of all countries (MIT), without those held out."""
    given, known = set(), set()
    for locale in " ".join(FOLDED.values()).split():
        provider = _provider("person", locale)
        for key in dir(provider) if provider else []:
            kind = next((kind for kind in ("first_name", "last_name") if key.startswith(kind)), None)
            for name in _strings(getattr(provider, key)) if kind else []:
                if usable(name) and not held_out(name):
                    words = {folded(word) for word in WORD.findall(name)}
                    known |= words
                    given |= words if kind == "first_name" else set()
    return {"given": Bloom.of(given), "known": Bloom.of(known), "famous": famous()}


def famous() -> Bloom:
    """Whole names of widely known people, WordNet's; in so many bits that one stranger in two thousand passes for one."""
    lines = (HERE / "texts" / "known-people.txt").read_text("utf-8").splitlines()
    return Bloom.of({plain_name(name) for line in lines for name in line.split(", ")}, FAMOUS_BITS)


def fitted(x: np.ndarray, y: np.ndarray, weight: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the first column is the bias, which is not held back."""
    beta, ridge = np.zeros(x.shape[1]), np.full(x.shape[1], RIDGE)
    ridge[0] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(offset + x @ beta, -30, 30)))
        gradient = x.T @ (weight * (p - y)) + ridge * beta
        step = np.linalg.solve((x.T * (weight * p * (1 - p))) @ x + np.diag(ridge + 1e-9), gradient)
        beta -= step
        if np.abs(step).max() < 1e-7:
            break
    return beta


def fit(rescorer: Rescorer, found: list) -> tuple[dict[str, float], float]:
    lines, hits, weights = [], [], []
    for source, text, spans, logs, offsets in found:
        names = {(start, end) for start, end, kind in spans if kind == "PERSON"}
        hidden = [(start, end) for start, end, kind in spans if kind is None]
        for start, end, person, address in proposals(text, logs.astype(np.float32), offsets, OUTSIDE, paths_of_names):
            if any(start < e and s < end for s, e in hidden):
                continue
            lines.append(rescorer.features(text, start, end, person, address))
            hits.append((start, end) in names)
            weights.append(1.0 if source == "drawn" else NATURAL)
    features = sorted(name for name in lines[0] if name != "score")
    x = np.array([[1.0, *(line[name] for name in features)] for line in lines])
    offset = TRUST * np.array([line["score"] for line in lines])
    beta = fitted(x, np.array(hits, float), np.array(weights), offset)
    kept = [at for at, value in enumerate(beta) if at == 0 or abs(value) >= LEAST_WEIGHT]
    beta = fitted(x[:, kept], np.array(hits, float), np.array(weights), offset)
    print(len(lines), "proposals,", sum(hits), "names,", len(kept) - 1, "features")
    return {"score": TRUST, **{features[at - 1]: round(float(value), 4) for at, value in zip(kept[1:], beta[1:], strict=True)}}, round(float(beta[0]) - EVEN, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lists", type=Path, required=True, help="what lists.py made")
    parser.add_argument("--texts", type=Path, required=True, help="what clean_texts.py made")
    parser.add_argument("--material", type=Path, help="kept there, and read from there the next time")
    parser.add_argument("--seed", type=int, default=23)
    arguments = parser.parse_args()
    r = Random(arguments.seed)
    if arguments.material and arguments.material.exists():
        found = pickle.loads(arguments.material.read_bytes())
    else:
        natural = Natural(arguments.data, arguments.texts)
        found = material(arguments.model, texts_of(arguments.data, json.loads(arguments.lists.read_text("utf-8")), natural, r), r)
        if arguments.material:
            arguments.material.write_bytes(pickle.dumps(found))
    content = {
        "proposeOutside": OUTSIDE,
        "cues": {name: {"side": side, "pattern": pattern, "anyCase": any_case} for name, (side, pattern, any_case) in CUES.items()},
        "fiction": STORY,
        "lists": {name: str(words) for name, words in name_lists().items()},
    }
    content["weights"], content["bias"] = fit(Rescorer(content), found)
    content["cues"] = {name: cue for name, cue in content["cues"].items() if name in content["weights"] or name in ("hail", "lineBefore", "lineAfter")}
    (arguments.model / "names.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
