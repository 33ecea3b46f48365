"""A name that stands whole in a text is known there by its parts: "Griffin said" after "Michael Griffin"."""

from itertools import takewhile

import regex

WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")
OWNERS = regex.compile(r"['’]s(?![\s\S])")
TITLED = regex.compile(r"\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}[\p{L}\p{M}'’-]*(?![\s\S])")
# What is joined to something, or stands beside another capital, is not the name alone.
JOINED_BEFORE = regex.compile(r"(?:[\p{Nd}@_/\\.#$-]|(?<![\p{L}\p{M}])\p{Lu}(?:[\p{L}\p{M}'’-]{0,30}|\.) )(?![\s\S])")
JOINED_AFTER = regex.compile(r"[\p{Nd}@_/\\]|[.:-]\p{L}| \p{Lu}[\p{L}\p{M}]")
BEFORE, AFTER = 40, 3
LEAST_LETTERS = 3
# A span that covers more than the part, and is as likely a name as not, stays.
EVEN = 0.5


def parts_of(text: str, names: list) -> dict[str, float]:
    """Words of names of two and more, with the best score of those that they are from."""
    parts: dict[str, float] = {}
    for start, end, score in names:
        words = WORD.findall(text[start:end])
        for word in words if len(words) > 1 else []:
            if len(word) >= LEAST_LETTERS and TITLED.match(word):
                parts[word] = max(score, parts.get(word, 0.0))
    return parts


def with_mentions(text: str, names: list, others: list) -> list:
    """(start, end, score) of the names, and of their parts where they stand alone; `others` are spans of other types. A part
    that the text writes in small letters too is a word."""
    parts = parts_of(text, names)
    if not parts:
        return names
    places, small = [], set()
    for found in WORD.finditer(text):
        word = OWNERS.sub("", found[0])
        if word in parts:
            places.append((found.start(), found.start() + len(word), word))
        elif word == word.lower():
            small.add(word)
    names, left, removed, added, at = sorted(names), sorted(others), set(), [], [0, 0]
    for start, end, word in places:
        score = parts[word]
        over = []
        for turn, spans in enumerate((names, left)):
            while at[turn] < len(spans) and spans[at[turn]][1] <= start:
                at[turn] += 1
            over.append(list(takewhile(lambda number: spans[number][0] < end, range(at[turn], len(spans)))))  # noqa: B023
        if over[1] or any(names[number][2] >= min(EVEN, score) for number in over[0]):
            continue
        if word.lower() in small or JOINED_BEFORE.search(text[max(0, start - BEFORE) : start]) or JOINED_AFTER.match(text[end : end + AFTER]):
            continue
        removed.update(over[0])
        added.append((start, end, score))
    return sorted([name for number, name in enumerate(names) if number not in removed] + added)
