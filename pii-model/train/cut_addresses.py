"""Where an address that the model found begins and ends: without who lives there, with the whole of its numbers."""

from collections.abc import Callable

import regex

# "Dr" after a comma is no drive.
RESIDENT = regex.compile(r",\s+(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|mme|mlle|monsieur|herr|frau|sra?|srta|signora?|pan|pani|señora?)(?!\p{L})\P{N}*(?![\s\S])", regex.I)
WORD_BEFORE = regex.compile(r"^\p{Ll}+,\s+(?=\p{N})")
# "the cottage, 12 Elm Street": what stands there, in small letters as no address begins.
THING_BEFORE = regex.compile(r"^(?:(?:the|my|our|his|her|their) )?\p{Ll}+[,:] (?=\p{N}|\p{Lu})(?=[\s\S]*\p{Nd})")
# A postal code behind its town, at a line's or a part's end.
CODE_AFTER = regex.compile(r"(?<=[\p{L}\p{M})])[ \t]*,?[ \t]+\d{4,6}(?:-\d{4})?(?=[ \t]*(?:[\r\n.,;)]|(?![\s\S])))")
LEADING, TRAILING = regex.compile(r"^[\s,;:]+"), regex.compile(r"[\s,;:]+(?![\s\S])")
# A line without a digit, above one that begins with one: who lives there, where it begins with a forename.
RESIDENT_LINE = regex.compile(r"^([\p{L}\p{M}'’.\- ]{3,60}?)[ \t]*,?\r?\n\s*(?=\p{N})")


def completed(text: str, low: int, high: int, first: int, last: int) -> tuple[int, int]:
    """As far as there is room, it takes the rest of a number that it begins or ends in, and closes what it opens."""
    while low > first and text[low].isdecimal() and text[low - 1].isdecimal():
        low -= 1
    while high < last and text[high].isdecimal() and text[high - 1].isdecimal():
        high += 1
    code = CODE_AFTER.match(text, high)
    high = code.end() if code and code.end() <= last else high
    opens = text[low:high].count("(") > text[low:high].count(")")
    return low, high + (opens and high < last and text[high] == ")")


def cut_address(text: str, start: int, end: int, is_forename: Callable[[str], bool], room: tuple[int, int] | None = None) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The address within a span that the model took for one, if any is left, and a name on the line above it; `room` is what no
    other span claims."""
    low, high, names = start, end, []
    if line := RESIDENT_LINE.search(text[low:high]):
        if len(words := line.group(1).split()) in (2, 3) and is_forename(words[0]):
            names.append((low, low + line.end(1)))
            low += line.end()
    high -= len(found.group()) if (found := RESIDENT.search(text[low:high])) else 0
    low += found.end() if (found := WORD_BEFORE.search(text[low:high])) else 0
    low += found.end() if (found := THING_BEFORE.search(text[low:high])) else 0
    low += found.end() if (found := LEADING.search(text[low:high])) else 0
    high -= len(found.group()) if (found := TRAILING.search(text[low:high])) else 0
    if low < high:
        low, high = completed(text, low, high, *(room or (0, len(text))))
    return [(low, high)] if low < high else [], names
