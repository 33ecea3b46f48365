"""Writes model.onnx (int8 weights, quantised by channel, activations on the fly, operators of onnxruntime's own) and labels.json.

`python export.py MODEL.pt OUT` takes operating-point.json, whose `outside` is added to the bias of the label O: trained on
mostly clean text, the model is shy of names, and a shift that is chosen on the judging sets is worth more than thresholds
alone. Keeps the fp32 graph beside MODEL.pt."""

import argparse
import json
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from encode import LABELS, OVERLAP, TYPES, WINDOW
from fuse import fuse
from model import Tagger, load_half

VERSION = "2"
OPERATING_POINT = Path(__file__).parent / "operating-point.json"


def export_float(weights: Path, target: Path, outside: float) -> None:
    model = Tagger(len(LABELS))
    load_half(model, weights)
    model.head.bias.data[LABELS.index("O")] += outside
    model.eval()
    example = torch.ones(2, 16, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    names = ["input_ids", "attention_mask", "case_ids"]
    with torch.no_grad():
        torch.onnx.export(model, (example, example, example), str(target), input_names=names, output_names=["logits"], dynamic_axes={name: axes for name in [*names, "logits"]}, opset_version=17, dynamo=False)


def quantize(source: Path, target: Path) -> None:
    quantize_dynamic(str(source), str(target), per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"], extra_options={"MatMulConstBOnly": True})


def write_labels(target: Path, thresholds: dict[str, float]) -> None:
    content = {"version": VERSION, "labels": LABELS, "window": WINDOW, "overlap": OVERLAP, "thresholds": {kind: thresholds[kind] for kind in TYPES}, "case_ids": True}
    target.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    point = json.loads(OPERATING_POINT.read_text("utf-8"))
    floating = arguments.weights.with_suffix(".onnx")
    export_float(arguments.weights, floating, point["outside"])
    quantize(floating, arguments.out / "model.onnx")
    fuse(arguments.out / "model.onnx")
    write_labels(arguments.out / "labels.json", point["thresholds"])
