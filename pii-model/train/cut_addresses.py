"""Where an address that the model found begins and ends: without who lives there."""

from collections.abc import Callable

import regex

# "Dr" after a comma is no drive.
RESIDENT = regex.compile(r",\s+(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|mme|mlle|monsieur|herr|frau|sra?|srta|signora?|pan|pani|señora?)(?!\p{L})\P{N}*(?![\s\S])", regex.I)
WORD_BEFORE = regex.compile(r"^\p{Ll}+,\s+(?=\p{N})")
LEADING, TRAILING = regex.compile(r"^[\s,;:]+"), regex.compile(r"[\s,;:]+(?![\s\S])")
# A line without a digit, above one that begins with one: who lives there, where it begins with a forename.
RESIDENT_LINE = regex.compile(r"^([\p{L}\p{M}'’.\- ]{3,60}?)[ \t]*,?\r?\n\s*(?=\p{N})")


def cut_address(text: str, start: int, end: int, is_forename: Callable[[str], bool]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The address within a span that the model took for one, if any is left, and a name on the line above it."""
    low, high, names = start, end, []
    if line := RESIDENT_LINE.search(text[low:high]):
        if len(words := line.group(1).split()) in (2, 3) and is_forename(words[0]):
            names.append((low, low + line.end(1)))
            low += line.end()
    high -= len(found.group()) if (found := RESIDENT.search(text[low:high])) else 0
    low += found.end() if (found := WORD_BEFORE.search(text[low:high])) else 0
    low += found.end() if (found := LEADING.search(text[low:high])) else 0
    high -= len(found.group()) if (found := TRAILING.search(text[low:high])) else 0
    return [(low, high)] if low < high else [], names
