"""The reference decoder: windows put together, constrained BIOES Viterbi over log-probabilities, a score for each span.

Of two windows that overlap, the first judges the first half of the overlap and the second the rest."""

from collections.abc import Callable

import numpy as np

from cited_names import not_cited
from cut_addresses import cut_address
from cut_names import cut_name
from doubtful_names import without_doubtful
from encode import LABELS, OVERLAP, TYPES, windows_of
from join_names import joined_names
from name_mentions import with_mentions
from rescore import Rescorer, proposals
from tokenizer import FIRST, LAST, Pieces, tokenize

Span = tuple[int, int, str, float]
PERSON, ADDRESS = TYPES.index("PERSON"), TYPES.index("ADDRESS")
# A text that holds an address, say, of which the model is so sure is about real people, whatever it asks for.
REAL = 0.8
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


def path_spans(logs: np.ndarray) -> list[tuple[int, int, int]]:
    """(first piece, last piece, type) of each span on the likeliest path."""
    found, first = [], 0
    for at, label in enumerate(viterbi(logs) if len(logs) else []):
        if label == 0:
            continue
        kind, part = divmod(label - 1, 4)
        if part in (0, 3):
            first = at
        if part in (2, 3):
            found.append((first, at, kind))
    return found


def paths_of_names(logs: np.ndarray) -> list[tuple[int, int]]:
    return [(first, last) for first, last, kind in path_spans(logs) if kind == PERSON]


def spans_of(text: str, logs: np.ndarray, offsets: list[tuple[int, int]], rescorer: Rescorer | None) -> list[Span]:
    """(start, end, type, score); the score is the mean over its pieces of the type's probability, of a name what the second
    stage makes of it."""
    found, residents = [], []
    is_forename = rescorer.is_forename if rescorer else lambda word: False
    runs = path_spans(logs)
    for at, (first, last, kind) in enumerate(runs):
        score = float(np.exp(logs[first : last + 1, 1 + 4 * kind : 5 + 4 * kind]).sum(axis=1).mean())
        start, end = offsets[first][0], offsets[last][1]
        if kind == ADDRESS:
            room = (offsets[runs[at - 1][1]][1] if at else 0, offsets[runs[at + 1][0]][0] if at + 1 < len(runs) else len(text))
            addresses, names = cut_address(text, start, end, is_forename, room)
            found += [(low, high, TYPES[kind], score) for low, high in addresses]
            residents += [(low, high, TYPES[PERSON], score) for low, high in names]
        elif kind != PERSON:
            found.append((start, end, TYPES[kind], score))
        elif rescorer is None:
            found += [(low, high, TYPES[kind], score) for low, high in cut_name(text, start, end)]
    if rescorer is None:
        return found
    is_real = any(score >= REAL for *_, score in found)
    is_famous = (lambda name: False) if is_real else rescorer.is_famous
    names = joined_names(text, not_cited(text, proposals(text, logs, offsets, rescorer.outside, paths_of_names), is_forename, is_famous))
    is_story = not is_real and rescorer.is_story(text)
    found += residents
    scored = [
        (start, end, rescorer.score(text, start, end, person, address))
        for start, end, person, address in names
        if not any(start < e and s < end for s, e, *_ in found) and not (is_story and not rescorer.is_real(text, start))
    ]
    return sorted(found + [(start, end, TYPES[PERSON], score) for start, end, score in with_mentions(text, without_doubtful(text, scored, rescorer.is_known), found)])


def windows(pieces: Pieces) -> list[tuple[list[int], list[int], int, int]]:
    """(ids, cases, first judged piece, end of the judged) of each window; the bounds count from the window's start."""
    bounds = windows_of(len(pieces.ids))
    found = []
    for order, (start, end) in enumerate(bounds):
        low = OVERLAP // 2 if order else 0
        high = end - start if order == len(bounds) - 1 else end - start - OVERLAP // 2
        found.append(([FIRST, *pieces.ids[start:end], LAST], [0, *pieces.cases[start:end], 0], low, high))
    return found


def detect(texts: list[str], judge: Judge, rescorer: Rescorer | None = None) -> list[list[Span]]:
    """All spans of each text with their scores; thresholds are the caller's."""
    pieces = [tokenize(text) for text in texts]
    cut = [windows(each) for each in pieces]
    rows = iter(judge([(ids, cases) for each in cut for ids, cases, _, _ in each if len(ids) > 2]))
    found = []
    for text, each, own in zip(texts, pieces, cut, strict=True):
        parts = [log_softmax(next(rows)[1:-1])[low:high] for ids, _, low, high in own if len(ids) > 2]
        found.append(spans_of(text, np.concatenate(parts), each.offsets, rescorer) if parts else [])
    return found
