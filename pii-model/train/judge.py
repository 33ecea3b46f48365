"""Judges model.onnx with the second stage, at the thresholds of labels.json: `python judge.py MODEL_DIR DATA [--float FP32.onnx] [--rows N]
[--first-stage] [--lists LISTS]`.

Exact spans by set and type, the share of clean prompts with a finding and its 95 % interval (Wilson), recall by region."""

import argparse
import json
import math
from pathlib import Path

from decode import detect
from encode import TYPES
from evaluate import SETS, counts, f1, onnx_judge, region_recall
from fill import Example
from heldout import heldout
from natural import rows
from rescore import Rescorer


def wilson(hits: int, count: int) -> tuple[float, float]:
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def table_of(gold: list, found: list, thresholds: dict[str, float]) -> dict:
    table = counts(gold, found, set(TYPES), thresholds)
    lines = {kind: {"precision": hits / max(have, 1), "recall": hits / max(want, 1), "f1": f1(hits, have, want), "expected": want} for kind, (hits, have, want) in table.items() if want}
    lines["micro"] = {"f1": f1(*map(sum, zip(*table.values(), strict=True)))}
    return {kind: {name: round(value, 4) for name, value in line.items()} for kind, line in lines.items()}


SWEEP = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]


def sweep(results: dict, clean: list) -> dict:
    """What another threshold of PERSON would cost."""
    table: dict = {}
    for threshold in SWEEP:
        line = {name: round(table_of(gold, found, {"PERSON": threshold}).get("PERSON", {}).get("f1", 0), 3) for name, (gold, found) in results.items()}
        line["clean"] = round(sum(any(t == "PERSON" and score >= threshold for _, _, t, score in each) for each in clean) / len(clean), 4)
        table[str(threshold)] = line
    return table


def example_of(row: dict) -> Example:
    return Example(row["text"], [(s["start"], s["end"], s["type"]) for s in row["spans"]], row["source"], row.get("regions", []))


def judged(path: Path, model: Path, data: Path, limit: int | None, first_stage: bool, fresh: list[Example] | None) -> dict:
    thresholds = json.loads((path / "labels.json").read_text("utf-8"))["thresholds"]
    judge, rescorer = onnx_judge(model, 1), None if first_stage else Rescorer.at(path / "names.json")
    sets = {name: [example_of(row) for row in rows(data / f"{name}.jsonl.gz")[:limit]] for name in [*SETS, "dev-arena-clean"]}
    held = fresh or [example_of(row) for row in map(json.loads, (path / "heldout.jsonl").read_text("utf-8").splitlines())][:limit]
    sets = {"heldout": held} if fresh else {"heldout": held, **sets}
    found = {name: ([example.spans for example in examples], detect([example.text for example in examples], judge, rescorer)) for name, examples in sets.items()}
    clean = found.pop("dev-arena-clean", ([], [spans for example, spans in zip(held, found["heldout"][1], strict=True) if not example.spans]))[1]
    result: dict = {name: table_of(*each, thresholds) for name, each in found.items()}
    result["recall by region"] = region_recall(held, found["heldout"][1], thresholds["PERSON"])
    flagged = [{t for _, _, t, score in each if score >= thresholds[t]} for each in clean]
    for what, kinds in (("names and addresses", {"PERSON", "ADDRESS"}), ("any type", set(TYPES))):
        hits = sum(bool(each & kinds) for each in flagged)
        result[f"clean prompts flagged ({what})"] = {"share": round(hits / len(clean), 4), "interval": [round(x, 4) for x in wilson(hits, len(clean))], "rows": len(clean)}
    result["PERSON by threshold"] = sweep(found, clean)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--float", type=Path, help="judges this fp32 model as well")
    parser.add_argument("--rows", type=int, help="only so many of each set")
    parser.add_argument("--first-stage", action="store_true", help="without the second stage, names.json")
    parser.add_argument("--lists", type=Path, help="what lists.py made: judges only on fresh held-out rows")
    parser.add_argument("--held", type=int, default=2000, help="so many of them")
    arguments = parser.parse_args()
    fresh = heldout(json.loads(arguments.lists.read_text("utf-8")), arguments.held) if arguments.lists else None
    for name, model in (("int8", arguments.path / "model.onnx"), ("fp32", arguments.float)):
        if model:
            found = judged(arguments.path, model, arguments.data, arguments.rows, arguments.first_stage, fresh)
            print(json.dumps({name: found}, indent=1))
