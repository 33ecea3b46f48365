"""Examples as arrays: a window of word pieces, their case and their BIOES labels."""

from random import Random

import numpy as np

from fill import Example
from tokenizer import FIRST, LAST, tokenize

WINDOW, OVERLAP = 128, 28
TYPES = ["PERSON", "ADDRESS", "EMAIL", "PHONE", "SSN", "CREDIT_CARD", "IBAN", "IP"]
LABELS = ["O"] + [f"{part}-{kind}" for kind in TYPES for part in "BIES"]
HIDDEN = 255


def labels_of(example: Example, offsets: list[tuple[int, int]]) -> list[int]:
    labels = [0] * len(offsets)
    for start, end, kind in example.spans:
        inside = [at for at, (s, e) in enumerate(offsets) if start <= s < end and (e <= end or e - end < end - s)]
        if kind is None:
            for at in inside:
                labels[at] = HIDDEN
            continue
        base = 1 + 4 * TYPES.index(kind)
        for order, at in enumerate(inside):
            first, last = order == 0, order == len(inside) - 1
            labels[at] = base + (3 if first and last else 0 if first else 2 if last else 1)
    return labels


def windows_of(count: int) -> list[tuple[int, int]]:
    """Bounds of the windows over `count` pieces, as the detector cuts them."""
    size = WINDOW - 2
    if count <= size:
        return [(0, count)]
    starts = list(range(0, count - OVERLAP, size - OVERLAP))
    return [(start, min(start + size, count)) for start in starts]


def encode(example: Example, r: Random) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """One window, drawn by chance where the text holds several."""
    pieces = tokenize(example.text)
    if not pieces.ids:
        return None
    labels = labels_of(example, pieces.offsets)
    start, end = 0, len(labels)
    if end > WINDOW - 2:
        start = r.randint(0, end - (WINDOW - 2))
        end = start + WINDOW - 2
        _mend_edges(labels, start, end)
    ids = [FIRST, *pieces.ids[start:end], LAST]
    cases = [0, *pieces.cases[start:end], 0]
    return (np.array(ids, np.uint16), np.array(cases, np.uint8), np.array([HIDDEN, *labels[start:end], HIDDEN], np.uint8))


def _mend_edges(labels: list[int], start: int, end: int) -> None:
    """A span cut by the window's edge begins, or ends, there."""
    part = lambda label: (label - 1) % 4 if label not in (0, HIDDEN) else None  # noqa: E731
    if part(labels[start]) in (1, 2):
        labels[start] += -1 if part(labels[start]) == 1 else 1
    if part(labels[end - 1]) in (0, 1):
        labels[end - 1] += 3 if part(labels[end - 1]) == 0 else 1
