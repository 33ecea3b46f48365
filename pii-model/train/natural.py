"""Natural text with its names: some replaced by private ones, famous ones hidden from the loss, clean text as it is."""

import gzip
import json
import re
from pathlib import Path
from random import Random

from fill import HERE, Example, Filler
from names import full_name, script_of

KEPT = {"PERSON", "ADDRESS", "EMAIL", "PHONE", "SSN", "CREDIT_CARD", "IP", "IBAN"}


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _example(row: dict, source: str) -> Example:
    return Example(row["text"], [(s["start"], s["end"], s["type"]) for s in row["spans"] if s["type"] in KEPT], source)


def famous_names() -> set[str]:
    found = set()
    for name in ("public", "fiction"):
        for line in (HERE / "texts" / f"{name}.txt").read_text("utf-8").splitlines():
            found.update(entry.strip().lower() for entry in line.split(", "))
    return found


class Natural:
    """`labelled` sets carry spans, `clean` are texts without personal data (names in exercises count as none)."""

    def __init__(self, data: Path):
        pii, routing = data, data.parent / "routing"
        self.labelled = {name: [_example(row, name) for row in rows(pii / f"train-{name}.jsonl.gz")] for name in ("btc", "wnut17", "wikigold", "restaurant8k", "nlu")}
        self.famous = famous_names() | {e.text[s:t].lower() for e in self.labelled["wikigold"] for s, t, kind in e.spans if kind == "PERSON"}
        prompts = [row["prompt"] for name in ("llmrouter-9models-train", "routellm-mmlu", "routellm-gsm8k") for row in rows(routing / f"{name}.jsonl.gz")]
        self.clean = [piece for prompt in prompts for piece in pieces_of(prompt)]

    def draw(self, filler: Filler, r: Random) -> Example:
        kind = r.choices(["btc", "wnut17", "wikigold", "restaurant8k", "nlu"], [5, 3, 2, 2.2, 1.8])[0]
        example = r.choice(self.labelled[kind])
        persons = [span for span in example.spans if span[2] == "PERSON"]
        if not persons:
            return example
        share = {"btc": 0.55, "wnut17": 0.55, "wikigold": 0.7, "restaurant8k": 0.6, "nlu": 0.3}[kind]
        if r.random() < share:
            return self.with_others(example, filler, r)
        if kind in ("restaurant8k",):
            return example
        hidden = [(s, e, None if t == "PERSON" and (kind in ("wikigold", "nlu") or example.text[s:e].lower() in self.famous) else t) for s, e, t in example.spans]
        return Example(example.text, hidden, example.source)

    def with_others(self, example: Example, filler: Filler, r: Random) -> Example:
        """Each name gives way to another's, of the same shape; one name always to the same."""
        text, spans, at, chosen = "", [], 0, {}
        regions: list[str] = []
        for start, end, kind in sorted(example.spans):
            old = example.text[start:end]
            text += example.text[at:start]
            if kind == "PERSON":
                new = chosen.get(old) or self._like(old, filler, r, regions)
                chosen[old] = new
            else:
                new = old
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
