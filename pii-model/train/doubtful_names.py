"""Names of which the second stage is not sure, and which their writing speaks against: in small letters where sentences begin
with capitals, or Chinese characters that no known name begins with. Programs' messages in 91 languages showed both."""

from collections.abc import Callable

import regex

SURE = 0.85
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
# The first letter of a sentence or a line.
OPENING = regex.compile(r"(?:^|[.!?]\s|\n)[^\p{L}\n]{0,6}(\p{L})")
HAN = regex.compile(r"\p{Han}+(?![\s\S])")
LONGEST_SURNAME, LONGEST_NAME = 3, 3


def begins_with_capitals(text: str) -> bool:
    """Do most sentences?"""
    letters = OPENING.findall(text)
    return 2 * sum(letter != letter.lower() for letter in letters) > len(letters)


def begins_as_name(name: str, is_known: Callable[[str], bool]) -> bool:
    """More than three characters have a surname of two, or of more, as Japanese ones have."""
    shortest = 1 if len(name) <= LONGEST_NAME else 2
    return any(is_known(name[:size]) for size in range(shortest, LONGEST_SURNAME + 1))


def without_doubtful(text: str, names: list, is_known: Callable[[str], bool]) -> list:
    """Of (start, end, score)."""
    is_doubtful = None
    kept = []
    for start, end, score in names:
        name = text[start:end]
        if score < SURE:
            if HAN.match(name) and not begins_as_name(name, is_known):
                continue
            if name == name.lower() != name.upper() and not all(map(is_known, WORD.findall(name))):
                is_doubtful = begins_with_capitals(text) if is_doubtful is None else is_doubtful
                if is_doubtful:
                    continue
        kept.append((start, end, score))
    return kept
