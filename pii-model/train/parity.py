"""Writes fixtures/parity.jsonl: what the int8 model finds in some texts, by this decoder. `python parity.py MODEL_DIR`

Spans are those above the thresholds; scores are rounded, and a reader should allow for the last digit."""

import json
import sys
from pathlib import Path

from decode import detect
from evaluate import onnx_judge

SOURCE = Path(__file__).parent / "texts" / "parity.txt"


def utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


if __name__ == "__main__":
    path = Path(sys.argv[1])
    thresholds = json.loads((path / "labels.json").read_text("utf-8"))["thresholds"]
    texts = [json.loads(line) for line in SOURCE.read_text("utf-8").splitlines()]
    lines = []
    for text, spans in zip(texts, detect(texts, onnx_judge(path / "model.onnx")), strict=True):
        kept = [{"start": utf16(text, s), "end": utf16(text, e), "type": t, "score": round(score, 3)} for s, e, t, score in spans if score >= thresholds[t]]
        lines.append(json.dumps({"text": text, "spans": kept}, ensure_ascii=True))
    (path / "fixtures" / "parity.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} texts, {sum(line.count('score') for line in lines)} spans")
