"""Scores of a model alone: exact spans by type, clean prompts with a finding, recall by region of the name."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from decode import Judge, detect
from encode import TYPES
from natural import rows

SETS = ["dev-presidio-synth", "dev-uner", "dev-btc"]
GRID = [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995]


def torch_judge(model, device: str, batch: int = 256) -> Judge:
    import torch

    def judge(items):
        order = sorted(range(len(items)), key=lambda at: len(items[at][0]))
        results: list = [None] * len(items)
        model.eval()
        with torch.no_grad():
            for begin in range(0, len(order), batch):
                chosen = order[begin : begin + batch]
                longest = max(len(items[at][0]) for at in chosen)
                arrays = np.zeros((3, len(chosen), longest), np.int64)
                for row, at in enumerate(chosen):
                    size = len(items[at][0])
                    arrays[0, row, :size], arrays[1, row, :size], arrays[2, row, :size] = items[at][0], 1, items[at][1]
                ids, mask, cases = torch.from_numpy(arrays).to(device)
                logits = model(ids, mask, cases).float().cpu().numpy()
                for row, at in enumerate(chosen):
                    results[at] = logits[row, : len(items[at][0])]
        return results

    return judge


def onnx_judge(path: Path, threads: int = 2) -> Judge:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def judge(items):
        found = []
        for ids, cases in items:
            feed = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "case_ids": [cases]}
            found.append(session.run(["logits"], {k: np.array(v, np.int64) for k, v in feed.items()})[0][0])
        return found

    return judge


def counts(expected: list, found: list, types: set[str], thresholds: dict[str, float]) -> dict[str, list[int]]:
    """Hits, findings and expected ones, by type, exact spans only."""
    table = {kind: [0, 0, 0] for kind in sorted(types)}
    for gold, spans in zip(expected, found, strict=True):
        want = {(s, e, t) for s, e, t in gold if t in types}
        have = {(s, e, t) for s, e, t, score in spans if t in types and score >= thresholds.get(t, 1)}
        for s, e, t in have:
            table[t][1] += 1
            table[t][0] += (s, e, t) in want
        for _, _, t in want:
            table[t][2] += 1
    return table


def f1(hits: int, found: int, expected: int) -> float:
    return 2 * hits / (found + expected) if found + expected else 0.0


def scored(data: Path, judge: Judge, limit: int = 0) -> dict[str, tuple[list, list]]:
    """Expected spans and findings of each judging set."""
    result = {}
    for name in [*SETS, "dev-arena-clean"]:
        found = rows(data / f"{name}.jsonl.gz")[: limit or None]
        gold = [[(s["start"], s["end"], s["type"]) for s in row["spans"]] for row in found]
        result[name] = (gold, detect([row["text"] for row in found], judge))
    return result


def report(results: dict, heldout: list | None = None, held_found: list | None = None) -> dict:
    """By threshold: PERSON and ADDRESS on each set, and the share of clean prompts with such a finding."""
    table: dict = {}
    for threshold in GRID:
        same = {kind: threshold for kind in TYPES}
        line: dict = {}
        for name in SETS:
            for kind, (hits, found, expected) in counts(*results[name], set(TYPES), same).items():
                if expected > 10 and kind in ("PERSON", "ADDRESS"):
                    line[f"{name[4:]} {kind}"] = [round(hits / max(found, 1), 3), round(hits / max(expected, 1), 3), round(f1(hits, found, expected), 3)]
        for kind in ("PERSON", "ADDRESS"):
            flagged = [any(t == kind and score >= threshold for _, _, t, score in spans) for spans in results["dev-arena-clean"][1]]
            line[f"clean {kind}"] = round(float(np.mean(flagged)), 4)
        if heldout:
            table_held = counts([e.spans for e in heldout], held_found, set(TYPES), same)
            line["held micro"] = round(f1(*map(sum, zip(*table_held.values(), strict=True))), 4)
            line["held"] = {t: round(f1(*c), 3) for t, c in table_held.items()}
            clean = [spans for e, spans in zip(heldout, held_found, strict=True) if not e.spans]
            line["held clean"] = round(float(np.mean([any(s >= threshold for *_, s in spans) for spans in clean])), 4)
            line["held regions"] = region_recall(heldout, held_found, threshold)
        table[str(threshold)] = line
    return table


def region_recall(examples: list, found: list, threshold: float) -> dict[str, float]:
    """Recall of PERSON by the region of the names, in texts whose names are all from one region."""
    tally: dict = defaultdict(lambda: [0, 0])
    for example, spans in zip(examples, found, strict=True):
        if len(set(example.regions)) == 1:
            have = {(s, e) for s, e, t, score in spans if t == "PERSON" and score >= threshold}
            for s, e, t in example.spans:
                if t == "PERSON":
                    tally[example.regions[0]][0] += (s, e) in have
                    tally[example.regions[0]][1] += 1
    return {region: round(hit / total, 4) for region, (hit, total) in sorted(tally.items())}


def show(table: dict) -> str:
    return "\n".join(f"{threshold}: {json.dumps(line)}" for threshold, line in table.items())
