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
const UNDERSCORE = 95;
const BACKSLASH = 92;
/** n, r, t */
const ESCAPED = new Set([110, 114, 116]);
const LONGEST_QUOTE = 800;
const SPELLED_LETTERS = 6;
const LONG_WORD = 18;
const LONGEST_WORD = 256;
const MOST_LONG_WORDS = 64;
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
  all("'_", APOSTROPHE);
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
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the parts of characters are what is looked for.
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]+/gu;
const ACCENTS = /[\u0300-\u036f]+/g;

/** Letters that no decomposition takes apart. */
const LIGATURES: Readonly<Record<string, string>> = {
  ß: 'ss',
  ı: 'i',
  ł: 'l',
  đ: 'd',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
};

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

const replace = (units: Uint16Array, from: number, to: number, map: ReadonlyMap<number, number>): void => {
  for (let at = from; at < to; at++) units[at] = map.get(units[at] ?? 0) ?? units[at] ?? 0;
};

const unblanked = (units: Uint16Array, from: number, to: number): string => {
  let word = '';
  for (let at = from; at < to && word.length < MOST_JOINED; at++)
    if (units[at] !== BLANK) word += String.fromCharCode(units[at] ?? 0);
  return word;
};

/** Pairs of quotation marks, by the words between them. */
const markQuoted = (count: number, marks: readonly number[], places: readonly number[]): Uint8Array => {
  const quoted = new Uint8Array(count);
  let open = -1;
  for (const [index, word] of marks.entries()) {
    const isLate = open >= 0 && (places[index] ?? 0) - (places[open] ?? 0) > LONGEST_QUOTE;
    if (open < 0 || isLate) open = index;
    else {
      quoted.fill(1, marks[open], word);
      open = -1;
    }
  }
  return quoted;
};

/**
 * One loop without calls, since it is all that most texts cost. A text that fits is put into `room`, and is good until that is used
 * again: to allocate an array costs as much as to fold a short text.
 */
export const fold = (original: string, room?: Uint16Array): Folded => {
  const text = plain(original);
  const most = text.length * 2 + 1;
  const units = room !== undefined && room.length >= most ? room : new Uint16Array(most);
  const starts: number[] = [];
  const sentences: number[] = [];
  const joined: string[] = [];
  const marks: number[] = [];
  const markPlaces: number[] = [];
  let length = 0;
  let sentence = 0;
  let wordStart = -1;
  /** 1: letters; 2: digits; 4: Latin; 8: Cyrillic or Greek. */
  let has = 0;
  /** Letters that stand alone, in a row, and where the first of them is. */
  let lone = 0;
  let loneFrom = 0;
  let afterIdeograph = false;
  for (let at = 0; at <= text.length; at++) {
    let unit = at < text.length ? text.charCodeAt(at) : BLANK;
    const kind = unit < 128 ? (ASCII[unit] ?? 0) : classOf(unit);
    if (kind === LETTER || kind === DIGIT) {
      if (wordStart < 0) {
        if (length > 0) units[length++] = BLANK;
        wordStart = length;
        starts.push(length);
        sentences.push(sentence);
        afterIdeograph = false;
      }
      if (kind === DIGIT) has |= 2;
      else if (unit < 128) {
        if (unit < 97) unit += 32;
        has |= 5;
      } else has |= isCyrillicOrGreek(unit) ? 9 : 1;
      units[length++] = unit;
      continue;
    }
    if (wordStart >= 0) {
      if (kind === APOSTROPHE || kind === SIGN) {
        const next = text.charCodeAt(at + 1) | 32;
        if (next >= 97 && next <= 122) {
          if (kind === SIGN) {
            units[length++] = unit;
            has |= 2;
          }
          continue;
        }
      }
      if ((has & 3) === 3) replace(units, wordStart, length, LEET);
      if ((has & 12) === 12) replace(units, wordStart, length, CONFUSABLE);
      const size = length - wordStart;
      if (size === 1) {
        if (lone === 0) loneFrom = wordStart;
        lone++;
      } else {
        if (lone >= SPELLED_LETTERS) joined.push(unblanked(units, loneFrom, wordStart));
        lone = 0;
        if (size >= LONG_WORD && size <= LONGEST_WORD && joined.length < MOST_LONG_WORDS)
          joined.push(unblanked(units, wordStart, length));
      }
      wordStart = -1;
      has = 0;
    }
    // Text within JSON.
    if (unit === BACKSLASH && ESCAPED.has(text.charCodeAt(at + 1))) at++;
    if (kind === IDEOGRAPH) {
      if (!afterIdeograph && length > 0) units[length++] = BLANK;
      starts.push(length);
      sentences.push(sentence);
      units[length++] = unit;
      afterIdeograph = true;
    } else if (kind === QUOTE || (kind === APOSTROPHE && unit !== UNDERSCORE)) {
      marks.push(starts.length);
      markPlaces.push(at);
    } else if (kind === STOP) sentence++;
  }
  if (lone >= SPELLED_LETTERS) joined.push(unblanked(units, loneFrom, length));
  const quoted = markQuoted(starts.length, marks, markPlaces);
  return { units, length, starts, sentences, quoted, joined };
};
