"""Names that are nobody's data whatever the model thinks of them: a theorem's, a cited author's, an identifier in code, an
article and its noun, a widely known person's whom nothing brings near."""

from collections.abc import Callable

import regex

EPONYMS = "theorem|lemma|corollary|conjecture|inequality|equation|copula|polynomial|integral|transform|axiom|paradox|algorithm|heuristic"
ENDS_AS_EPONYM = regex.compile(rf"\s(?:{EPONYMS})s?$")
EPONYM_FOLLOWS = regex.compile(rf"\s(?:{EPONYMS})s?(?!\p{{L}})")
CITATION_FOLLOWS = regex.compile(r",? et al(?!\p{L})| (?:first )?(?:proved|proves|conjectured|derived|formulated|axiomatized) in (?:1[5-9]|20)\d\d|(?: \p{L}+){0,3}\. (?:19|20)\d\d(?: [a-z]{3})?;\d")
IDENTIFIER = regex.compile(r"\p{L}\p{Nd}+\p{L}")
PARTICLES = "van|von|de|der|den|da|di|del|la|le|el|al|dos|du|ter|ten"
ARTICLE = regex.compile(rf"\p{{Lu}} (?!(?:{PARTICLES}) )\p{{Ll}}")
AFTER = 40
SURNAME = rf"(?:(?:{PARTICLES}) ){{0,3}}\p{{Lu}}[\p{{L}}\p{{M}}'’-]+(?: \p{{Lu}}[\p{{L}}\p{{M}}'’-]+)?"
AUTHORS = regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{SURNAME} \p{{Lu}}{{1,3}}(?:, |(?![\p{{L}}\p{{M}}]))){{5,}}")
AUTHOR = regex.compile(r"(?:^|, )([^ ,]+)")
MOST_FORENAMES = 0.5
# Somebody is written to, speaks, is somebody's own or is entered in a form: a namesake.
NEAR_BEFORE = regex.compile(r"(?:(?<!\p{L})(?:dear|hi|hello|hey|thanks|thank you|regards|sincerely|cheers|love|my name is|i am|i'm|i’m|this is|call me|(?:my|our|his|her|their|your) (?:\p{L}+ )?\p{L}+|mr|mrs|ms|miss)[.,]?|[:=>|\t\x22])\s*(?![\s\S])")
NEAR_AFTER = regex.compile(r"[\s,]*[<(\[]?\s*[^\s@]+@|[\s,:(]*\+?\d{3}|\s*[|\t=]")
LINE_BEFORE, LINE_AFTER = regex.compile(r"(?:^|\n)\s*(?![\s\S])"), regex.compile(r"\s*(?:\n|(?![\s\S]))")
BEFORE = 40


def is_near(before: str, after: str) -> bool:
    return bool(NEAR_BEFORE.search(before) or NEAR_AFTER.match(after) or (LINE_BEFORE.search(before) and LINE_AFTER.match(after)))


def not_cited(text: str, names: list, is_forename: Callable[[str], bool], is_famous: Callable[[str], bool]) -> list:
    """Without those; a name begins with its start and end."""
    references = []
    for found in AUTHORS.finditer(text) if names else []:
        first = AUTHOR.findall(found[0])
        if sum(map(is_forename, first)) < len(first) * MOST_FORENAMES:
            references.append(found.span())
    kept = []
    for name in names:
        start, end = name[:2]
        own, after = text[start:end], text[end : end + AFTER].lower()
        low = own.lower()
        if IDENTIFIER.search(own) or ARTICLE.match(own) or ENDS_AS_EPONYM.search(low) or EPONYM_FOLLOWS.match(after) or CITATION_FOLLOWS.match(after):
            continue
        if is_famous(own) and not is_near(text[max(0, start - BEFORE) : start].lower(), after):
            continue
        if not any(low_at <= start and end <= high_at for low_at, high_at in references):
            kept.append(name)
    return kept
