"""Two parts of a name that only a space or an initial parts are one name."""

import regex

GAP = regex.compile(r" (?:\p{L}\.? )?(?![\s\S])")
TITLED = regex.compile(r"(?:(?:\p{Lu}[\p{Ll}\p{M}'’.]*(?:\p{Lu}[\p{Ll}\p{M}'’.]+)?|van|von|de|der|den|da|di|del|la|al|bin)(?:[ -]|(?![\s\S])))+(?![\s\S])")
TITLE = regex.compile(r"(?:herr|frau|juf|dr|mr|mrs|ms|miss|prof|don|sir|dona|pan|pani|coach|captain)\.?(?![\s\S])")
# Less sure of either, and they are two things.
LEAST, MOST_WORDS = 0.3, 4


def are_one(text: str, first: tuple, second: tuple) -> bool:
    start, end = first[0], second[1]
    own, other = text[start : first[1]], text[second[0] : end]
    return bool(
        min(first[2], second[2]) >= LEAST
        and GAP.match(text[first[1] : second[0]])
        and len(text[start:end].split(" ")) <= MOST_WORDS
        and TITLED.match(own)
        and TITLED.match(other)
        and not TITLE.match(own.lower())
    )


def joined_names(text: str, names: list) -> list:
    """(start, end, person, address) of each; of what is joined the means by length."""
    found: list = []
    for name in sorted(names):
        if found and are_one(text, found[-1], name):
            before = found.pop()
            own, other = before[1] - before[0], name[1] - name[0]
            mean = lambda at: (before[at] * own + name[at] * other) / (own + other)  # noqa: B023, E731
            name = (before[0], name[1], mean(2), mean(3))
        found.append(name)
    return found
