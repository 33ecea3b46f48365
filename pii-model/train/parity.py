"""Writes fixtures/parity.jsonl: what the int8 model and the second stage find in some texts, by this decoder; and
fixtures/names.jsonl: what the second stage alone makes of stretches of them. `python parity.py MODEL_DIR`

Spans are those above the thresholds; scores are rounded, and a reader should allow for the last digit."""

import json
import sys
from pathlib import Path
from random import Random

from decode import detect
from evaluate import onnx_judge
from rescore import WORD, Rescorer

SOURCE = Path(__file__).parent / "texts" / "parity.txt"
STRETCHES = 4


def utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def write(path: Path, lines: list[dict]) -> None:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=True) for line in lines) + "\n", "utf-8")


def stretches(texts: list[str], rescorer: Rescorer) -> list[dict]:
    """A few words each, with probabilities by chance."""
    r, lines = Random(7), []
    for text in texts:
        words = [word.span() for word in WORD.finditer(text)]
        for _ in range(STRETCHES if words else 0):
            first = r.randrange(len(words))
            start, end = words[first][0], words[min(len(words) - 1, first + r.randrange(3))][1]
            person, address = round(r.random(), 3), round(r.random() ** 4, 3)
            score = rescorer.score(text, start, end, person, address)
            lines.append({"text": text, "start": utf16(text, start), "end": utf16(text, end), "person": person, "address": address, "score": round(score, 5), "story": rescorer.is_story(text), "real": rescorer.is_real(text, start)})
    return lines


if __name__ == "__main__":
    path = Path(sys.argv[1])
    thresholds = json.loads((path / "labels.json").read_text("utf-8"))["thresholds"]
    texts = [json.loads(line) for line in SOURCE.read_text("utf-8").splitlines()]
    rescorer, lines = Rescorer.at(path / "names.json"), []
    for text, spans in zip(texts, detect(texts, onnx_judge(path / "model.onnx"), rescorer), strict=True):
        kept = [{"start": utf16(text, s), "end": utf16(text, e), "type": t, "score": round(score, 3)} for s, e, t, score in spans if score >= thresholds[t]]
        lines.append({"text": text, "spans": kept})
    write(path / "fixtures" / "parity.jsonl", lines)
    write(path / "fixtures" / "names.jsonl", stretches(texts, rescorer))
    print(f"{len(lines)} texts, {sum(len(line['spans']) for line in lines)} spans")
