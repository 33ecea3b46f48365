"""Writes fixtures/tokenizer.jsonl: hard texts with the reference's ids, offsets and cases. `python tokenizer_fixtures.py`"""

import json
import random
import unicodedata
from pathlib import Path

from tokenizer import tokenize, utf16_offsets

SEED = 7
FUZZED = 180
TARGET = Path(__file__).parent.parent / "fixtures" / "tokenizer.jsonl"
SOURCE = Path(__file__).parent / "texts" / "tokenizer.txt"

# Letters, marks, spaces and signs of many kinds; fuzzed texts are strings of these.
ALPHABET = [
    *"aZ9 éÉñŞıİßẞøÅǅĳŒ", *"'’-_.,:;!?@#/\\|$€°©™½²", *"\t\n\r\u00a0\u2003\u2028\u3000\u200b\u200d\ufeff\u00ad",
    *"\u0301\u0308\u0327\u20e3\ufe0f\u0345", *"中文漢字日本語かナガぱー한국어각", *"ЖжЙйЁєҐ", *"αΩςΆΐ", *"שלוםָּ", *"محمد\u0651\u064eـ",
    *"हिन्दीतमिழ்", *"ไทยກຂ", *"ԱբაႠⴀ", *"😀👩👨🏽🇩🇪❤☎𝒜𝟘𐐀𐐨𠮷", *"\u0000\u0001\u0007\u007f\ufffd\u202e\u2066", *"ﬁﬀ①Ⅳ㎏ｆＦ１", *"「」、。！（）«»…—–·;",
    "Smith", "smith", "MCDONALD", "McDonald", "O'Neil", "Jean-Luc", "iPhone", "unaffable", "embeddings", "12,345.67",
    "user@example.com", "2001:db8::1", "x" * 101, "antidisestablishmentarianism",
]


def fuzzed() -> list[str]:
    generator = random.Random(SEED)
    return ["".join(generator.choices(ALPHABET, k=generator.randint(1, 40))) for _ in range(FUZZED)]


def written() -> list[str]:
    """One text a line, JSON-escaped; each also comes decomposed or composed where that differs."""
    texts = [json.loads(line) for line in SOURCE.read_text("utf-8").splitlines() if line]
    other = [unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")]
    return list(dict.fromkeys([*texts, *other]))


def row(text: str) -> dict:
    pieces = tokenize(text)
    utf16 = utf16_offsets(text, pieces.offsets)
    return {"text": text, "ids": pieces.ids, "offsets": pieces.offsets, "utf16": utf16, "case_ids": pieces.cases}


if __name__ == "__main__":
    rows = [json.dumps(row(text), ensure_ascii=True, separators=(",", ":")) for text in [*written(), *fuzzed()]]
    TARGET.write_text("\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows)} texts")
