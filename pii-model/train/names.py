"""People: a region is drawn evenly, then a country, a script and a form of the name."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from random import Random

from lists import REGIONS, held_out

UNSPACED = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
FAMILY_FIRST = {"CN", "TW", "KR", "JP", "VN", "HU", "KH"}
PARTICLES = ["de", "van", "von", "van der", "de la", "del", "da", "dos", "di", "bin", "ibn", "al", "le", "ter", "zu", "Mc", "O'", "Mac", "D'", "Al-", "El "]
SUFFIXES = ["Jr.", "Sr.", "II", "III", "Jr", "IV"]
LANGUAGE_REGIONS = {"de": "DE AT CH", "fr": "FR BE CA", "es": "ES MX AR CO CL PE", "it": "IT", "pt": "PT BR", "nl": "NL BE", "pl": "PL", "tr": "TR",
                    "sv": "SV SE", "no": "NO", "da": "DK", "fi": "FI", "cs": "CZ SK", "hu": "HU", "ro": "RO", "hi": "IN", "ja": "JP", "zh": "CN TW", "ko": "KR",
                    "ar": "AA SA EG AE", "ru": "RU", "uk": "UA", "el": "GR", "vi": "VN", "id": "ID MY", "he": "IL", "fa": "IR", "th": "TH", "sw": "KE",
                    "tl": "PH", "hr": "HR BA RS", "bg": "BG"}
# Where a language is not written in Latin letters, so are most of the names in its texts.
NATIVE = {"ja": ("CJK", "KATAKANA", "HIRAGANA"), "zh": ("CJK",), "ko": ("HANGUL",), "ar": ("ARABIC",), "fa": ("ARABIC",), "ru": ("CYRILLIC",), "uk": ("CYRILLIC",),
          "bg": ("CYRILLIC",), "el": ("GREEK",), "he": ("HEBREW",), "th": ("THAI",)}


@dataclass
class Person:
    first: str
    last: str
    region: str
    family_first: bool
    spaced: bool

    def full(self) -> str:
        parts = (self.last, self.first) if self.family_first else (self.first, self.last)
        return (" " if self.spaced else "").join(parts)


def script_of(name: str) -> str:
    return next((unicodedata.name(c, "?").split()[0].split("-")[0] for c in name if c.isalpha()), "?")


class People:
    """`held` draws only from the held-out names, else only from the others."""

    def __init__(self, lists: dict, held: bool):
        self.pools: dict = defaultdict(lambda: defaultdict(lambda: {"first": [], "last": []}))
        latin: dict = defaultdict(list)
        for region, by in lists["names"].items():
            for key, names in by.items():
                part, country = key.split(":")[:2]
                for name in names:
                    if held_out(name) == held:
                        self.pools[region][country, script_of(name)][part].append(name)
                        if script_of(name) == "LATIN" and part == "last":
                            latin[region].append(name)
        for region, pools in self.pools.items():
            for (country, script), pool in list(pools.items()):
                if not pool["last"] and script == "LATIN":
                    pool["last"] = latin[region]
                if len(pool["first"]) < 2 or len(pool["last"]) < 2:
                    del pools[country, script]
        self.keys = {region: list(pools) for region, pools in self.pools.items()}
        self.by_country: dict = defaultdict(list)
        for region, keys in self.keys.items():
            for key in keys:
                self.by_country[key[0]].append((region, key))

    def draw(self, random: Random, language: str = "en") -> Person:
        if language in LANGUAGE_REGIONS and random.random() < 0.6:
            native = NATIVE.get(language)
            found = [pair for country in LANGUAGE_REGIONS[language].split() for pair in self.by_country[country]
                     if (pair[1][1] in native if native and random.random() < 0.9 else pair[1][1] == "LATIN")]
            if found:
                return self._of(random, *random.choice(found))
        region = random.choice(list(REGIONS))
        keys = self.keys[region]
        if language not in NATIVE and random.random() < 0.93:
            keys = [key for key in keys if key[1] == "LATIN"]
        return self._of(random, region, random.choice(keys))

    def _of(self, random: Random, region: str, key: tuple) -> Person:
        pool, spaced = self.pools[region][key], key[1] not in UNSPACED
        first, last = random.choice(pool["first"]), random.choice(pool["last"])
        if key[1] == "LATIN" and random.random() < 0.08:
            other = random.choice(list(REGIONS))
            last = random.choice(self.pools[other][random.choice([k for k in self.keys[other] if k[1] == "LATIN"])]["last"])
        family_first = key[0] in FAMILY_FIRST and (not spaced or random.random() < 0.5)
        return Person(first, last, region, family_first, spaced)


def full_name(person: Person, random: Random, people: People) -> str:
    """A full name in one of the ways people write it."""
    if not person.spaced:
        return person.full() if random.random() < 0.85 else f"{person.last} {person.first}"
    latin = script_of(person.first) == "LATIN"
    chance = random.random()
    if chance < 0.62 or not latin:
        return person.full()
    if chance < 0.70:
        return f"{person.first} {random.choice('ABCDEFGHJKLMNPRSTVW')}{random.choice(['.', '.', ''])} {person.last}"
    if chance < 0.76:
        initials = random.choice([". ", ".", ". K. ", ".-", " "])
        return f"{person.first[0]}{initials.replace('-', 'M. ')}{'' if initials.endswith(' ') else ' '}{person.last}".replace("  ", " ")
    other = people.draw(random)
    if script_of(other.first + other.last) != "LATIN" or not other.spaced:
        return person.full()
    if chance < 0.83:
        return f"{person.first} {other.first} {person.last}"
    if chance < 0.87:
        return f"{person.first} {person.last}-{other.last}"
    if chance < 0.89:
        return f"{person.first}-{other.first} {person.last}"
    if chance < 0.91:
        return f"{person.first} {person.last} {other.last}"
    if chance < 0.94:
        particle = random.choice(PARTICLES)
        return f"{person.first} {particle}{'' if particle[-1] in chr(39) + '-c ' and len(particle) > 1 else ' '}{person.last}"
    if chance < 0.96:
        return f"{person.full()}{random.choice([' ', ', ', ' '])}{random.choice(SUFFIXES)}"
    if chance < 0.975:
        return f"{person.last.upper()} {person.first}"
    if chance < 0.99:
        return f"{person.first} {person.last.upper()}"
    return person.full().upper()
