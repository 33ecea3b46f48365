"""The reference decoder: windows put together, constrained BIOES Viterbi over log-probabilities, a score for each span.

Of two windows that overlap, the first judges the first half of the overlap and the second the rest."""

import re
from collections.abc import Callable

import numpy as np

from encode import LABELS, OVERLAP, TYPES, windows_of
from tokenizer import FIRST, LAST, Pieces, tokenize

Judge = Callable[[list[tuple[list[int], list[int]]]], list[np.ndarray]]
BEGIN, INSIDE, END, SINGLE = (np.array([1 + 4 * at + part for at in range(len(TYPES))]) for part in range(4))
CLOSED, OPENING = (np.concatenate([[0], *parts]) for parts in ((END, SINGLE), (BEGIN, SINGLE)))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def viterbi(logs: np.ndarray) -> list[int]:
    """The likeliest allowed labels: O, B or S after what is closed; I or E of its type after B or I."""
    count = len(logs)
    scores = np.full(len(LABELS), -np.inf)
    scores[OPENING] = logs[0][OPENING]
    back = np.zeros((count, len(LABELS)), np.uint8)
    for at in range(1, count):
        following = np.full(len(LABELS), -np.inf)
        closed = CLOSED[np.argmax(scores[CLOSED])]
        following[OPENING] = scores[closed] + logs[at][OPENING]
        back[at][OPENING] = closed
        opened = np.where(scores[BEGIN] >= scores[INSIDE], BEGIN, INSIDE)
        for part in (INSIDE, END):
            following[part] = scores[opened] + logs[at][part]
            back[at][part] = opened
        scores = following
    label = int(CLOSED[np.argmax(scores[CLOSED])])
    path = [label]
    for at in range(count - 1, 0, -1):
        label = int(back[at][label])
        path.append(label)
    return path[::-1]


def spans_of(logs: np.ndarray, offsets: list[tuple[int, int]]) -> list[tuple[int, int, str, float]]:
    """(start, end, type, score); the score is the mean over its pieces of the type's probability."""
    found, first = [], 0
    if not len(logs):
        return []
    for at, label in enumerate(viterbi(logs)):
        if label == 0:
            continue
        kind, part = divmod(label - 1, 4)
        if part in (0, 3):
            first = at
        if part in (2, 3):
            own = logs[first : at + 1, 1 + 4 * kind : 5 + 4 * kind]
            found.append((offsets[first][0], offsets[at][1], TYPES[kind], float(np.exp(own).sum(axis=1).mean())))
    return found


def cut_at_lines(text: str, spans: list[tuple[int, int, str, float]]) -> list[tuple[int, int, str, float]]:
    """Line breaks are nothing to the tokenizer, so names in a column come out as one; no name goes over a line."""
    found = []
    for start, end, kind, score in spans:
        if kind != "PERSON":
            found.append((start, end, kind, score))
            continue
        for part in re.finditer(r"[^\r\n]+", text[start:end]):
            words = part.group()
            left, right = len(words) - len(words.lstrip()), len(words.rstrip())
            if left < right:
                found.append((start + part.start() + left, start + part.start() + right, kind, score))
    return found


def windows(pieces: Pieces) -> list[tuple[list[int], list[int], int, int]]:
    """(ids, cases, first judged piece, end of the judged) of each window; the bounds count from the window's start."""
    bounds = windows_of(len(pieces.ids))
    found = []
    for order, (start, end) in enumerate(bounds):
        low = OVERLAP // 2 if order else 0
        high = end - start if order == len(bounds) - 1 else end - start - OVERLAP // 2
        found.append(([FIRST, *pieces.ids[start:end], LAST], [0, *pieces.cases[start:end], 0], low, high))
    return found


def detect(texts: list[str], judge: Judge) -> list[list[tuple[int, int, str, float]]]:
    """All spans of each text with their scores; thresholds are the caller's."""
    pieces = [tokenize(text) for text in texts]
    cut = [windows(each) for each in pieces]
    rows = iter(judge([(ids, cases) for each in cut for ids, cases, _, _ in each if len(ids) > 2]))
    found = []
    for text, each, own in zip(texts, pieces, cut, strict=True):
        parts = [log_softmax(next(rows)[1:-1])[low:high] for ids, _, low, high in own if len(ids) > 2]
        found.append(cut_at_lines(text, spans_of(np.concatenate(parts), each.offsets)) if parts else [])
    return found
