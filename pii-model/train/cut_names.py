"""Where a name that the model found begins and ends: not over a line or a sentence, without marks and titles.

To the tokenizer a line's end is a blank, so names in a column come out as one."""

from collections.abc import Iterator

import regex

SENTENCE = regex.compile(r"(?<=[\p{L}\p{M}]{3})[.;]\s+|[\r\n]+")
ABBREVIATION = regex.compile(r"(?<!\p{L})(?:mrs|prof|capt|rev|sgt|gen|col|hon|dott|sig|ing|lic|avv|geo|chas|jos|thos|alex|robt|edw|benj|dhr|mevr|sra|dra|mme|mlle)(?![\s\S])", regex.I)
MARKS = r"[\s,;:.\-–—|/\\@()\[\]\"“”„«»<>*_•\uf0a7]"
LEADING = regex.compile(rf"^{MARKS}+")
TRAILING = regex.compile(rf"(?:['’]s|{MARKS})+(?![\s\S])")
ABBREVIATED = regex.compile(r"(?<!\p{L})(?:\p{L}|[js]r)\.(?![\s\S])", regex.I)
TITLES = regex.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|doctor|sir|madam|madame|mme|mlle|monsieur|herr|frau|señora?|sra?|srta|don|doña|dona|uncle|aunt|auntie|aunty|grandpa|grandma|granny|grandfather|grandmother|nurse|coach|captain|capt|sheikh|officer|pan|pani|pán|paní|bapak|pak|ibu|sayın|shri|smt|господин|госпожа|доктор|tante|onkel|tía|tío|tia|tio|zia|zio|cousin|judge|rev|reverend|sister|brother|father|mother|lord|lady|president|senator|detective|agent)\.?\s+)+(?=\p{L})",
    regex.I,
)


def _parts(name: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in SENTENCE.finditer(name):
        if end.group()[0] == "." and ABBREVIATION.search(name[start : end.start()]):
            continue
        yield start, end.start()
        start = end.end()
    yield start, len(name)


def cut_name(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The names within a span that the model took for one."""
    found = []
    for low, high in _parts(text[start:end]):
        name = text[start + low : start + high]
        left = marks.end() if (marks := LEADING.search(name)) else 0
        marks = TRAILING.search(name)
        # The dot of an initial is its own.
        right = marks.start() if marks and not (marks.group() == "." and ABBREVIATED.search(name)) else len(name)
        left += titles.end() if (titles := TITLES.search(name[left:right])) else 0
        if left < right:
            found.append((start + low + left, start + low + right))
    return found
