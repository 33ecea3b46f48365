"""Recall of names by where they are from, everything else equal: each private held-out template is filled as often with held-out
names of each region, in Latin letters. `python regions.py MODEL_DIR LISTS [--fills 8]`

In a random draw the regions differ by luck, too: by which templates their names stand in, and by how many of them are one word."""

import argparse
import json
import math
from collections import Counter
from pathlib import Path
from random import Random

from augment import augmented
from decode import detect
from evaluate import onnx_judge
from fill import Example, Filler, load_templates
from lists import REGIONS
from names import People, Person
from rescore import Rescorer

SEED = 20_251


class OneRegion(People):
    """Draws from one region, whatever the language; each of its names is as likely as another."""

    region = next(iter(REGIONS))

    def __init__(self, lists: dict):
        super().__init__(lists, held=True)
        latin = {region: [pools[key] for key in pools if key[1] == "LATIN"] for region, pools in self.pools.items()}
        self.names = {region: {part: sorted({name for pool in pools for name in pool[part]}) for part in ("first", "last")} for region, pools in latin.items()}

    def draw(self, random: Random, language: str = "en") -> Person:
        own = self.names[self.region]
        return Person(random.choice(own["first"]), random.choice(own["last"]), self.region, family_first=False, spaced=True)


def filled(lists: dict, fills: int) -> list[Example]:
    filler = Filler(lists, held=True)
    filler.people = people = OneRegion(lists)
    found = []
    for number, (text, language, _) in enumerate(load_templates("held")):
        for turn in range(fills):
            for people.region in REGIONS:
                example = filler.fill(text, language, Random(f"{SEED} {number} {turn}"))
                example.regions = [people.region]
                if any(kind == "PERSON" for *_, kind in example.spans):
                    found.append(augmented(example, Random(f"{SEED} {number} {turn} as written")))
    return found


def recall(examples: list[Example], findings: list, threshold: float) -> dict[str, dict]:
    hits, expected = Counter(), Counter()
    for example, spans in zip(examples, findings, strict=True):
        have = {(start, end) for start, end, kind, score in spans if kind == "PERSON" and score >= threshold}
        names = [(start, end) for start, end, kind in example.spans if kind == "PERSON"]
        hits[example.regions[0]] += sum(name in have for name in names)
        expected[example.regions[0]] += len(names)
    error = lambda share, count: 1.96 * math.sqrt(share * (1 - share) / count)  # noqa: E731
    shares = {region: hits[region] / expected[region] for region in REGIONS}
    return {region: {"recall": round(share, 4), "error": round(error(share, expected[region]), 4), "names": expected[region]} for region, share in shares.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("lists", type=Path)
    parser.add_argument("--fills", type=int, default=8)
    arguments = parser.parse_args()
    threshold = json.loads((arguments.path / "labels.json").read_text("utf-8"))["thresholds"]["PERSON"]
    examples = filled(json.loads(arguments.lists.read_text("utf-8")), arguments.fills)
    found = detect([example.text for example in examples], onnx_judge(arguments.path / "model.onnx", 1), Rescorer.at(arguments.path / "names.json"))
    table = recall(examples, found, threshold)
    shares = [line["recall"] for line in table.values()]
    print(json.dumps({**table, "apart": round(max(shares) - min(shares), 4)}, indent=1))
