"""The reference tokenizer: BERT uncased WordPiece with exact offsets, and the case of each word."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

VOCABULARY = Path(__file__).parent.parent / "vocab.txt"
PAD, UNKNOWN, FIRST, LAST = 0, 100, 101, 102
NO_CASE, LOWER, TITLE, UPPER, MIXED = range(5)


@dataclass
class Pieces:
    """Word pieces of a text without [CLS] and [SEP]; offsets are in code points, `words` numbers the words."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    words: list[int]
    cases: list[int]


@lru_cache(maxsize=1)
def _wordpiece() -> Tokenizer:
    """No added tokens: "[CLS]" in a text is punctuation and a word, since callers must not be able to write it."""
    tokenizer = Tokenizer(WordPiece.from_file(str(VOCABULARY), unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


@lru_cache(maxsize=100_000)
def case_of(word: str) -> int:
    """Which letters are upper-case (Lu, Lt) and which lower-case (Ll); letters without case do not count."""
    kinds = [unicodedata.category(letter) for letter in word]
    uppers = [kind != "Ll" for kind in kinds if kind in ("Lu", "Lt", "Ll")]
    if not uppers:
        return NO_CASE
    if not any(uppers):
        return LOWER
    if uppers[0] and not any(uppers[1:]):
        return TITLE
    return UPPER if all(uppers) else MIXED


def tokenize(text: str) -> Pieces:
    """A word's case is read from the text itself, between the start of its first piece and the end of its last."""
    encoding = _wordpiece().encode(text, add_special_tokens=False)
    bounds: dict[int, tuple[int, int]] = {}
    for word, (start, end) in zip(encoding.word_ids, encoding.offsets, strict=True):
        bounds[word] = (bounds.get(word, (start, end))[0], end)
    cases = {word: case_of(text[start:end]) for word, (start, end) in bounds.items()}
    return Pieces(encoding.ids, encoding.offsets, encoding.word_ids, [cases[word] for word in encoding.word_ids])


def utf16_offsets(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same offsets in UTF-16 code units, as JavaScript counts."""
    units = [0]
    for letter in text:
        units.append(units[-1] + (2 if ord(letter) > 0xFFFF else 1))
    return [(units[start], units[end]) for start, end in offsets]
