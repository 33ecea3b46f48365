"""Judges model.onnx with the second stage, at the thresholds of labels.json: `python judge.py MODEL_DIR DATA [--float FP32.onnx] [--rows N]
[--first-stage]`.

Exact spans by set and type, the share of clean prompts with a finding and its 95 % interval (Wilson), recall by region."""

import argparse
import json
import math
from pathlib import Path

from decode import detect
from encode import TYPES
from evaluate import SETS, counts, f1, onnx_judge, region_recall
from fill import Example
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


def judged(path: Path, model: Path, data: Path, limit: int | None, first_stage: bool) -> dict:
    thresholds = json.loads((path / "labels.json").read_text("utf-8"))["thresholds"]
    judge, rescorer = onnx_judge(model), None if first_stage else Rescorer.at(path / "names.json")
    result: dict = {}
    for name in SETS:
        found = rows(data / f"{name}.jsonl.gz")[:limit]
        gold = [[(s["start"], s["end"], s["type"]) for s in row["spans"]] for row in found]
        result[name] = table_of(gold, detect([row["text"] for row in found], judge, rescorer), thresholds)
    held = [Example(r["text"], [(s["start"], s["end"], s["type"]) for s in r["spans"]], r["source"], r["regions"]) for r in map(json.loads, (path / "heldout.jsonl").read_text("utf-8").splitlines())][:limit]
    spans = detect([example.text for example in held], judge, rescorer)
    result["heldout"] = table_of([example.spans for example in held], spans, thresholds)
    result["recall by region"] = region_recall(held, spans, thresholds["PERSON"])
    clean = rows(data / "dev-arena-clean.jsonl.gz")[:limit]
    flagged = [[t for _, _, t, score in each if score >= thresholds[t]] for each in detect([row["text"] for row in clean], judge, rescorer)]
    for kinds in (["PERSON", "ADDRESS"], TYPES):
        hits = sum(any(t in kinds for t in each) for each in flagged)
        result[f"clean prompts flagged ({'names and addresses' if len(kinds) == 2 else 'any type'})"] = {"share": round(hits / len(clean), 4), "interval": [round(x, 4) for x in wilson(hits, len(clean))], "rows": len(clean)}
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--float", type=Path, help="judges this fp32 model as well")
    parser.add_argument("--rows", type=int, help="only so many of each set")
    parser.add_argument("--first-stage", action="store_true", help="without the second stage, names.json")
    arguments = parser.parse_args()
    print(json.dumps({"int8": judged(arguments.path, arguments.path / "model.onnx", arguments.data, arguments.rows, arguments.first_stage)}, indent=1))
    if arguments.float:
        print(json.dumps({"fp32": judged(arguments.path, arguments.float, arguments.data, arguments.rows, arguments.first_stage)}, indent=1))
