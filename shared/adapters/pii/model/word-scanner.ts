/**
 * BERT's words, uncased: control characters dropped, accents stripped, lower case, split at blanks, punctuation and CJK
 * ideographs. Offsets are UTF-16 code units of the text itself, whatever became of its characters. One word at a time, so
 * that a long text costs only what is read of it.
 */

export interface Word {
  /** Normalised. */
  text: string;
  /** Of each of its code units the character that it came from. */
  starts: number[];
  ends: number[];
  case: WordCase;
}

/** No cased letter, all lower, first upper and the rest lower, all upper, anything else. */
export type WordCase = 0 | 1 | 2 | 3 | 4;

/** A longer word is unknown whatever it is made of, so what is behind that need not be kept. */
export const MAX_CHARACTERS = 100;

const DROPPED = /[\p{C}\ufffd]/u;
const BLANK = /\p{White_Space}/u;
const NONSPACING = /\p{Mn}/gu;
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/u;
const UPPER = /[\p{Lu}\p{Lt}]/u;
const LOWER = /\p{Ll}/u;
const IDEOGRAPHS: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

const isIdeograph = (code: number): boolean =>
  code >= 0x3400 && IDEOGRAPHS.some(([first, last]) => code >= first && code <= last);

const isBlank = (code: number, character: string): boolean =>
  code < 0x80 ? code === 32 || (code >= 9 && code <= 13) : BLANK.test(character);

/** Tabs and line ends are blanks, not control characters. */
const isDropped = (code: number, character: string): boolean =>
  code < 0x80
    ? (code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127
    : DROPPED.test(character);

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

/** Each code point by itself: no final sigma, and no locale. */
const normalised = (character: string): string =>
  Array.from(character.normalize('NFD').replace(NONSPACING, ''), (part) => part.toLowerCase()).join('');

const caseOf = (original: string): WordCase => {
  let uppers = 0;
  let lowers = 0;
  let startsUpper = false;
  for (const character of original) {
    if (UPPER.test(character)) {
      startsUpper ||= uppers + lowers === 0;
      uppers += 1;
    } else if (LOWER.test(character)) lowers += 1;
  }
  if (uppers + lowers === 0) return 0;
  if (uppers === 0) return 1;
  if (startsUpper && uppers === 1) return 2;
  return lowers === 0 ? 3 : 4;
};

export class WordScanner {
  readonly #text: string;
  #at: number;
  #parts: string[] = [];
  #starts: number[] = [];
  #ends: number[] = [];
  #characters = 0;
  /** A word that stands alone, found behind one that had to be given out first. */
  #next: Word | undefined;

  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = from;
  }

  /** Where it stands in the text. */
  get at(): number {
    return this.#at;
  }

  next(): Word | undefined {
    if (this.#next !== undefined) {
      const word = this.#next;
      this.#next = undefined;
      return word;
    }
    const text = this.#text;
    while (this.#at < text.length) {
      const start = this.#at;
      const code = text.codePointAt(start) ?? 0;
      const width = code > 0xffff ? 2 : 1;
      this.#at += width;
      if (isAsciiWord(code)) {
        this.#take(code <= 90 && code >= 65 ? String.fromCharCode(code + 32) : (text[start] ?? ''), start, 1);
        continue;
      }
      const word = this.#other(code, start, width);
      if (word !== undefined) return word;
    }
    return this.#finished();
  }

  #other(code: number, start: number, width: number): Word | undefined {
    // A surrogate without its other half stands for no character.
    const character = code >= 0xd800 && code <= 0xdfff ? '\ufffd' : this.#text.slice(start, start + width);
    if (isDropped(code, character)) return undefined;
    if (isBlank(code, character)) return this.#finished();
    const isAlone = isIdeograph(code);
    const plain = code < 0x80 ? character : normalised(character);
    if (plain === '') return undefined;
    if (isAlone || PUNCTUATION.test(plain)) {
      const before = this.#finished();
      this.#take(plain, start, width);
      const alone = this.#finished();
      if (before === undefined) return alone;
      this.#next = alone;
      return before;
    }
    this.#take(plain, start, width);
    return undefined;
  }

  #take(plain: string, start: number, width: number): void {
    if (this.#characters > MAX_CHARACTERS) {
      this.#ends[this.#ends.length - 1] = start + width;
      return;
    }
    this.#parts.push(plain);
    for (let unit = 0; unit < plain.length; unit++) {
      this.#starts.push(start);
      this.#ends.push(start + width);
    }
    for (const _ of plain) this.#characters += 1;
  }

  #finished(): Word | undefined {
    if (this.#characters === 0) return undefined;
    const word: Word = {
      text: this.#parts.join(''),
      starts: this.#starts,
      ends: this.#ends,
      case: caseOf(this.#text.slice(this.#starts[0], this.#ends.at(-1))),
    };
    this.#parts = [];
    this.#starts = [];
    this.#ends = [];
    this.#characters = 0;
    return word;
  }
}
