"""Natural text with its names: some replaced by private ones, famous ones hidden from the loss, clean text as it is."""

import gzip
import json
import re
from pathlib import Path
from random import Random

from fill import HERE, Example, Filler, gibberish
from names import full_name, script_of

KEPT = {"PERSON", "ADDRESS", "EMAIL", "PHONE", "SSN", "CREDIT_CARD", "IP", "IBAN"}
# Where one person stands for another: what may give way to a name in a natural sentence.
STANDS_IN = re.compile(r"\b(?:my (?:mom|mum|dad|bro|brother|sister|sis|friend|boss|wife|husband|girlfriend|boyfriend|teacher|mother|father|son|daughter|cousin|uncle|aunt)|he|she|him|her(?= (?:is|was|and|to|for|on|in|at|that|when)\b|[.,!?])|(?:this|that|the) (?:guy|girl|man|woman|dude|kid|boy|lady)|somebody|someone|bro|mate|babe|dude|mom|dad|mum)\b", re.I)


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _example(row: dict, source: str) -> Example:
    return Example(row["text"], [(s["start"], s["end"], s["type"]) for s in row["spans"]], source)


def famous_names() -> set[str]:
    found = set()
    for name in ("public", "fiction"):
        for line in (HERE / "texts" / f"{name}.txt").read_text("utf-8").splitlines():
            found.update(entry.strip().lower() for entry in line.split(", "))
    return found


class Natural:
    """`labelled` sets carry spans, `clean` are texts without personal data (names in exercises count as none)."""

    def __init__(self, data: Path, texts: Path):
        pii, routing = data, data.parent / "routing"
        self.labelled = {name: [_example(row, name) for row in rows(pii / f"train-{name}.jsonl.gz")] for name in ("btc", "wnut17", "wikigold", "restaurant8k", "nlu")}
        self.famous = famous_names() | {e.text[s:t].lower() for e in self.labelled["wikigold"] for s, t, kind in e.spans if kind == "PERSON"}
        prompts = [row["prompt"] for name in ("llmrouter-9models-train", "routellm-mmlu", "routellm-gsm8k") for row in rows(routing / f"{name}.jsonl.gz")]
        with gzip.open(texts, "rt", encoding="utf-8") as lines:
            found = json.load(lines)
        self.texts, self.code = found["texts"], [chunk for chunks in found["code"].values() for chunk in chunks]
        self.languages = list(self.texts)
        self.clean = [piece for prompt in prompts for piece in pieces_of(prompt)]

    def draw(self, filler: Filler, r: Random) -> Example:
        kind = r.choices(["btc", "wnut17", "wikigold", "restaurant8k", "nlu"], [5, 3, 2, 2, 2.5])[0]
        example = r.choice(self.labelled[kind])
        if kind != "restaurant8k" and r.random() < 0.35:
            example = self.with_inserted(example, filler, r)
        example = self.with_others(example, filler, r, {"btc": 0.55, "wnut17": 0.55, "wikigold": 0.7, "restaurant8k": 0.6, "nlu": 0.4}[kind], kind)
        return Example(example.text, [span for span in example.spans if span[2] is None or span[2] in KEPT], kind, example.regions)

    def foreign(self, r: Random) -> str:
        """A few sentences of one language; the large ones of other scripts come more often."""
        language = r.choice(["zh", "ja", "ko", "ru", "vi", "ar", "zh reviews", "uk", "es", "fr", "de"]) if r.random() < 0.4 else r.choice(self.languages)
        return r.choice([" ", "\n", "\n\n", "\n- "]).join(r.choices(self.texts[language], k=r.randint(1, 6)))

    def with_inserted(self, example: Example, filler: Filler, r: Random) -> Example:
        """Some pronouns and relations become names."""
        for match in reversed(list(STANDS_IN.finditer(example.text))):
            start, end = match.span()
            if r.random() < 0.6 and not any(s < end and start < e for s, e, _ in example.spans):
                new = self._like("x y" if r.random() < 0.35 else "x" if match.group().islower() and r.random() < 0.15 else "X", filler, r, [])
                moved = len(new) - (end - start)
                spans = [(s + (moved if s >= end else 0), e + (moved if s >= end else 0), t) for s, e, t in example.spans]
                example = Example(example.text[:start] + new + example.text[end:], [*spans, (start, start + len(new), "NEW")], example.source)
        return example

    def with_others(self, example: Example, filler: Filler, r: Random, share: float, source: str) -> Example:
        """Each name gives way to another's of the same shape, one name always to the same; so do places and firms.

        Famous names that stay are hidden from the loss."""
        text, spans, at, chosen = "", [], 0, {}
        regions: list[str] = []
        swaps = r.random() < share
        for start, end, kind in sorted(example.spans):
            old = example.text[start:end]
            text += example.text[at:start]
            new = old
            if kind == "NEW":
                kind = "PERSON"
            elif kind == "PERSON" and swaps:
                new = chosen.get(old) or self._like(old, filler, r, regions)
            elif kind == "PERSON" and (source in ("wikigold", "nlu") or old.lower() in self.famous):
                kind = None
            elif kind in ("ORG", "LOC") and r.random() < 0.5:
                new = chosen.get(old) or (gibberish(r) if r.random() < 0.5 else filler.fill("$company" if kind == "ORG" else "$city", "en", r).text)
            chosen[old] = new
            spans.append((len(text), len(text) + len(new), kind))
            text += new
            at = end
        return Example(text + example.text[at:], spans, example.source, regions)

    @staticmethod
    def _like(old: str, filler: Filler, r: Random, regions: list[str]) -> str:
        person = filler.people.draw(r)
        while script_of(person.first) != "LATIN":
            person = filler.people.draw(r)
        regions.append(person.region)
        new = full_name(person, r, filler.people) if " " in old else r.choice([person.first, person.first, person.last])
        return new.lower() if old.islower() else new.upper() if old.isupper() and len(old) > 3 else new


def pieces_of(prompt: str, size: int = 700) -> list[str]:
    """Long prompts in stretches of about a window, cut at white space."""
    if len(prompt) <= size:
        return [prompt]
    found, at = [], 0
    while at < len(prompt) and len(found) < 4:
        end = prompt.rfind(" ", at, at + size)
        end = end if end > at and at + size < len(prompt) else min(len(prompt), at + size)
        found.append(prompt[at:end])
        at = end
    return [piece for piece in found if re.search(r"\w{3}", piece)]
