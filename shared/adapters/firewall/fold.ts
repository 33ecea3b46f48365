/**
 * A text as the phrase rules read it: lower case, without accents and hidden characters, look-alikes and digits in words put
 * back to letters, one blank between words. An ideograph is a word by itself. One pass.
 */
export interface Folded {
  /** UTF-16 units. */
  units: Uint16Array;
  length: number;
  /** Where each word begins. */
  starts: number[];
  /** The sentence that each word stands in. */
  sentences: number[];
  /** By word: does it stand in quotation marks that close again? */
  quoted: Uint8Array;
  /** Words without their blanks: letters spelled one by one, or written without any blank. */
  joined: string[];
}

const LETTER = 1;
const DIGIT = 2;
const IDEOGRAPH = 3;
const QUOTE = 4;
const STOP = 5;
const APOSTROPHE = 6;
const SIGN = 7;

const BLANK = 32;
const LONGEST_QUOTE = 800;
const SPELLED_LETTERS = 6;
const LONG_WORD = 18;
const MOST_JOINED = 4_096;

const asciiClasses = (): Uint8Array => {
  const classes = new Uint8Array(128);
  const all = (characters: string, kind: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = kind;
  };
  all('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER);
  all('0123456789', DIGIT);
  all('"`', QUOTE);
  all('.!?;:\n', STOP);
  all("'", APOSTROPHE);
  all('@$', SIGN);
  return classes;
};
const ASCII = asciiClasses();

/** Han, kana, Hangul, Thai, Lao, Khmer, Burmese: written without blanks, or with endings at every word. */
const isIdeograph = (unit: number): boolean =>
  (unit >= 0x3041 && unit <= 0x30ff) ||
  (unit >= 0x3400 && unit <= 0x9fff) ||
  (unit >= 0xac00 && unit <= 0xd7a3) ||
  (unit >= 0x0e01 && unit <= 0x0eff) ||
  (unit >= 0x1000 && unit <= 0x109f) ||
  (unit >= 0x1780 && unit <= 0x17ff);

const QUOTES = new Set('“”„«»「」『』‟‹›‘‚'.split('').map((character) => character.charCodeAt(0)));
const STOPS = new Set('。！？；：…।؟'.split('').map((character) => character.charCodeAt(0)));

const classOf = (unit: number): number => {
  if (isIdeograph(unit)) return IDEOGRAPH;
  if (QUOTES.has(unit)) return QUOTE;
  if (STOPS.has(unit)) return STOP;
  if (unit === 0x2019) return APOSTROPHE;
  if (unit < 0xc0) return 0;
  if (unit >= 0x2000 && unit <= 0x2bff) return 0;
  if (unit >= 0x3000 && unit <= 0x3040) return 0;
  if (unit === 0x060c || unit === 0x00d7 || unit === 0x00f7) return 0;
  return LETTER;
};

/** Look-alikes in Cyrillic and Greek of what stands below them. */
const CONFUSABLE = new Map<number, number>();
const LOOKALIKES: readonly [string, string][] = [
  ['аеорсухіјѕһԁԛԝвнктмгпьбзліц', 'aeopcyxijshdqwbhktmrnb63liu'],
  ['αβγεηικνορστυχωμ', 'abyenikvopotuxwm'],
];
for (const [from, to] of LOOKALIKES)
  for (const [index, character] of [...from].entries())
    CONFUSABLE.set(character.charCodeAt(0), to.charCodeAt(index));

const isCyrillicOrGreek = (unit: number): boolean => unit >= 0x370 && unit <= 0x52f;

const LEET = new Map(
  Object.entries({ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 6: 'g', 7: 't', 8: 'b', '@': 'a', $: 's' }).map(
    ([from, to]) => [from.charCodeAt(0), to.charCodeAt(0)],
  ),
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is not ASCII is what is looked for.
const BEYOND_ASCII = /[^\x00-\x7f]/;
const HIDDEN =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]+/gu;
const ACCENTS = /[\u0300-\u036f]+/g;

/** Letters that no decomposition takes apart. */
const LIGATURES: Readonly<Record<string, string>> = { ß: 'ss', ı: 'i', ł: 'l', đ: 'd', ø: 'o', æ: 'ae', œ: 'oe' };

/** As terms of the rules are written too. */
export const plain = (text: string): string =>
  BEYOND_ASCII.test(text)
    ? text
        .replace(HIDDEN, '')
        .normalize('NFKD')
        .replace(ACCENTS, '')
        .normalize('NFC')
        .toLowerCase()
        .replace(/[ßıłđøæœ]/g, (letter) => LIGATURES[letter] ?? letter)
    : text;

export const fold = (original: string): Folded => {
  const text = plain(original);
  const units = new Uint16Array(text.length * 2 + 1);
  const starts: number[] = [];
  const sentences: number[] = [];
  const quotedRanges: [number, number][] = [];
  const joined: string[] = [];
  let joinedLength = 0;
  let length = 0;
  let sentence = 0;
  let wordStart = -1;
  let hasLetters = false;
  let hasDigits = false;
  let hasLatin = false;
  let hasForeign = false;
  let lone = 0;
  let quoteOpen = -1;
  let quoteAt = 0;

  const join = (from: number, to: number): void => {
    if (joinedLength >= MOST_JOINED) return;
    let word = '';
    for (let at = from; at < to; at++) {
      const unit = units[at] ?? 0;
      if (unit !== BLANK) word += String.fromCharCode(unit);
    }
    joined.push(word);
    joinedLength += word.length;
  };
  /** Letters that stand alone, up to the word before this one. */
  const endSpelling = (): void => {
    if (lone >= SPELLED_LETTERS)
      join(starts[starts.length - lone] ?? 0, length);
    lone = 0;
  };
  const endWord = (): void => {
    if (wordStart < 0) return;
    if (hasLetters && hasDigits) replace(wordStart, LEET);
    if (hasLatin && hasForeign) replace(wordStart, CONFUSABLE);
    if (length - wordStart === 1) lone++;
    else {
      const own = starts.pop() ?? 0;
      const size = length;
      length = own;
      endSpelling();
      length = size;
      starts.push(own);
      if (size - own >= LONG_WORD && size - own <= 256) join(own, size);
    }
    wordStart = -1;
    hasLetters = hasDigits = hasLatin = hasForeign = false;
  };
  const replace = (from: number, map: ReadonlyMap<number, number>): void => {
    for (let at = from; at < length; at++) units[at] = map.get(units[at] ?? 0) ?? units[at] ?? 0;
  };
  const beginWord = (): void => {
    if (length > 0) units[length++] = BLANK;
    wordStart = length;
    starts.push(length);
    sentences.push(sentence);
  };

  let afterIdeograph = false;
  for (let at = 0; at < text.length; at++) {
    let unit = text.charCodeAt(at);
    const kind = unit < 128 ? (ASCII[unit] ?? 0) : classOf(unit);
    if (kind === LETTER || kind === DIGIT) {
      if (wordStart < 0) beginWord();
      if (kind === DIGIT) hasDigits = true;
      else {
        hasLetters = true;
        if (unit < 128) {
          if (unit < 97) unit += 32;
          hasLatin = true;
        } else if (isCyrillicOrGreek(unit)) hasForeign = true;
      }
      units[length++] = unit;
      afterIdeograph = false;
      continue;
    }
    if (kind === IDEOGRAPH) {
      endWord();
      if (!afterIdeograph) {
        endSpelling();
        if (length > 0) units[length++] = BLANK;
      }
      starts.push(length);
      sentences.push(sentence);
      units[length++] = unit;
      afterIdeograph = true;
      continue;
    }
    if (wordStart >= 0 && (kind === APOSTROPHE || kind === SIGN)) {
      const next = text.charCodeAt(at + 1) | 32;
      if (next >= 97 && next <= 122) {
        if (kind === SIGN) {
          units[length++] = unit;
          hasDigits = true;
        }
        continue;
      }
    }
    endWord();
    if (kind === QUOTE || kind === APOSTROPHE) {
      if (quoteOpen < 0 || at - quoteAt > LONGEST_QUOTE) {
        quoteOpen = starts.length;
        quoteAt = at;
      } else {
        if (starts.length > quoteOpen) quotedRanges.push([quoteOpen, starts.length]);
        quoteOpen = -1;
      }
    } else if (kind === STOP) sentence++;
  }
  endWord();
  endSpelling();
  const quoted = new Uint8Array(starts.length);
  for (const [from, to] of quotedRanges) quoted.fill(1, from, to);
  return { units, length, starts, sentences, quoted, joined };
};
