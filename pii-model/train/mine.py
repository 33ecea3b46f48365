"""Finds what the model takes for personal data in text that holds none; the next training gets it as it is."""

import numpy as np

from decode import Judge, log_softmax, windows
from fill import Filler, load_templates
from natural import KEPT, Natural
from tokenizer import tokenize


def clean_texts(natural: Natural, lists: dict, seed: int, count: int) -> list[str]:
    """Exercises, sentences without a name, and fresh fillings of the clean templates."""
    from random import Random

    r = Random(seed)
    texts = r.sample(natural.clean, min(len(natural.clean), count))
    for name in ("btc", "wnut17", "wikigold", "nlu", "restaurant8k"):
        texts += [e.text for e in natural.labelled[name] if not any(kind in KEPT for *_, kind in e.spans)]
    texts += [natural.foreign(r) for _ in range(count)] + natural.code
    filler, templates = Filler(lists, held=False), load_templates("clean")
    for _ in range(count):
        text, language, _ = r.choice(templates)
        texts.append(filler.fill(text, language, r).text)
    return texts


def mine(judge: Judge, texts: list[str], threshold: float) -> list[str]:
    """Texts with a piece that is something rather than nothing; quicker than whole spans, and what trains is the same."""
    cut = [windows(tokenize(text)) for text in texts]
    rows = iter(judge([(ids, cases) for each in cut for ids, cases, *_ in each]))
    most = [max(1 - float(np.exp(log_softmax(next(rows)[:, :])[1:-1, 0].min(initial=0))) for _ in each) for each in cut]
    return [text for text, something in zip(texts, most, strict=True) if something >= threshold]
