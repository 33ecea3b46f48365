"""The second stage: judges each name that the first proposes by how sure the model is, by its shape, by lists of names and
by the words around it. A logistic regression; cues, weights and lists are in names.json, which the detector reads as well."""

import base64
import json
import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import regex

from cut_names import cut_name

BEFORE, AFTER = 60, 40
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
LEAST, LEAST_ADDRESS = 1e-4, -5.0


def folded(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")


def plain_name(name: str) -> str:
    return " ".join(folded(word) for word in WORD.findall(name))


def fnv(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


class Bloom:
    """A set of words in a few bits each; three in a hundred strangers pass for members."""

    HASHES, BITS = 4, 8

    def __init__(self, bits: bytearray):
        self.bits = bits

    @classmethod
    def of(cls, words: set[str], bits: int = BITS) -> "Bloom":
        found = cls(bytearray(len(words) * bits // 8 + 1))
        for word in words:
            for at in found._places(word):
                found.bits[at >> 3] |= 1 << (at & 7)
        return found

    def _places(self, word: str) -> list[int]:
        first, second = fnv(word), fnv(f"{word}\0") | 1
        return [(first + turn * second) % (len(self.bits) * 8) for turn in range(self.HASHES)]

    def __contains__(self, word: str) -> bool:
        return all(self.bits[at >> 3] >> (at & 7) & 1 for at in self._places(word))

    def __str__(self) -> str:
        return base64.b64encode(self.bits).decode()


@dataclass
class Cue:
    """Looked for in small letters where capitals are of no account; patterns themselves are in small letters."""

    side: str
    pattern: regex.Pattern
    any_case: bool

    @classmethod
    def of(cls, side: str, pattern: str, any_case: bool) -> "Cue":
        return cls(side, regex.compile(f"(?<={pattern})" if side == "before" else pattern), any_case)

    def stands(self, text: str, start: int, end: int) -> bool:
        seen = {"before": text[max(0, start - BEFORE) : start], "after": text[end : end + AFTER], "text": text}[self.side]
        seen = seen.lower() if self.any_case else seen
        if self.side == "text":
            return bool(self.pattern.search(seen))
        return bool(self.pattern.match(seen, len(seen) if self.side == "before" else 0))


def logit(share: float) -> float:
    share = min(max(share, LEAST), 1 - LEAST)
    return math.log(share / (1 - share))


class Rescorer:
    """`content` is names.json."""

    def __init__(self, content: dict):
        self.cues = {name: Cue.of(cue["side"], cue["pattern"], cue["anyCase"]) for name, cue in content["cues"].items()}
        self.given, self.known = (Bloom(bytearray(base64.b64decode(content["lists"][name]))) for name in ("given", "known"))
        self.famous = Bloom(bytearray(base64.b64decode(content["lists"]["famous"])))
        self.weights, self.bias = content.get("weights", {}), content.get("bias", 0.0)
        self.outside = content["proposeOutside"]
        self.asks, self.real = (Cue.of(side, content["fiction"][name], True) for name, side in (("asks", "text"), ("real", "before")))

    @classmethod
    def at(cls, path: Path) -> "Rescorer":
        return cls(json.loads(path.read_text("utf-8")))

    def features(self, text: str, start: int, end: int, person: float, address: float) -> dict[str, float]:
        """`person` and `address` are the means of the types' probabilities over the span's pieces."""
        name = text[start:end]
        found = {name: float(cue.stands(text, start, end)) for name, cue in self.cues.items()}
        words = WORD.findall(name)
        plain = [folded(word) for word in words]
        lower, upper = name == name.lower() != name.upper(), name == name.upper() != name.lower()
        given = bool(plain) and plain[0] in self.given
        known = sum(word in self.known for word in plain)
        found |= {
            "score": logit(person), "address": max(logit(address), LEAST_ADDRESS),
            "oneWord": len(words) == 1, "twoWords": len(words) == 2, "manyWords": len(words) > 3, "short": len(name) < 3,
            "lower": lower, "upper": upper, "capital": name[:1] != name[:1].lower(), "initial": any(len(word) == 1 for word in words),
            "capitals": bool(words) and all(word[:1] != word[:1].lower() and word[1:] == word[1:].lower() for word in words),
            "latin": bool(regex.search(r"\p{Script=Latin}", name)), "unspaced": bool(regex.search(r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]", name)),
            "given": given, "allKnown": bool(plain) and known == len(plain), "noneKnown": known == 0,
            "givenLower": given and lower, "givenHail": given * found["hail"], "givenLine": given * found["lineBefore"] * found["lineAfter"], "line": found["lineBefore"] * found["lineAfter"],
        }
        return {feature: float(value) for feature, value in found.items()}

    def score(self, text: str, start: int, end: int, person: float, address: float) -> float:
        found = self.features(text, start, end, person, address)
        return 1 / (1 + math.exp(-self.bias - sum(weight * found[feature] for feature, weight in self.weights.items())))

    def is_forename(self, word: str) -> bool:
        return folded(word) in self.given

    def is_known(self, word: str) -> bool:
        """A forename or a surname."""
        return folded(word) in self.known

    def is_famous(self, name: str) -> bool:
        return " " in name and plain_name(name) in self.famous

    def is_story(self, text: str) -> bool:
        return self.asks.stands(text, 0, 0)

    def is_real(self, text: str, start: int) -> bool:
        """Even in a story: somebody's own."""
        return self.real.stands(text, start, start)


def proposals(text: str, logs: np.ndarray, offsets: list[tuple[int, int]], outside: float, path) -> list[tuple[int, int, float, float]]:
    """Names on the likeliest path, then those that only a path with less of O in it has, apart from each other; with the
    means of PERSON's and ADDRESS's probability."""
    person, address = (np.exp(logs[:, at : at + 4]).sum(axis=1) for at in (1, 5))
    found: list[tuple[int, int, float, float]] = []
    for less in (0.0, outside):
        shifted = logs.copy()
        shifted[:, 0] -= less
        own = []
        for first, last in path(shifted):
            for start, end in cut_name(text, offsets[first][0], offsets[last][1]):
                if any(start < e and s < end for s, e, *_ in found):
                    continue
                inside = [at for at in range(first, last + 1) if offsets[at][1] > start and offsets[at][0] < end]
                own.append((start, end, float(person[inside].mean()), float(address[inside].mean())))
        found += own
    return sorted(found)
