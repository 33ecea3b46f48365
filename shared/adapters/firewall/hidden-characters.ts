/**
 * Characters that nobody sees but a model reads. Those that scripts and emoji need pass: a joiner between letters of scripts
 * that join, in an emoji, one variation selector behind a character, direction marks by themselves, flags of tag characters.
 */
export type HiddenKind =
  | 'tags'
  | 'selectors'
  | 'zero-width'
  | 'zero-width-words'
  | 'overrides'
  | 'embeddings'
  | 'accents';

/** One of these at least, or nothing is wrong. */
const ANY =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the parts of characters are what is looked for.
  /[\u00ad\u0300-\u036f\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/u;

const ZERO_WIDTH = new Set([
  0xad, 0x180e, 0x200b, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff, 0x3164, 0xffa0,
]);
const ZWNJ = 0x200c;
const ZWJ = 0x200d;
/** In a row, beyond what typesetting needs. */
const MOST_IN_A_ROW = 7;
const MOST_IN_ALL = 64;
/** Zero-width characters inside words that need none. */
const MOST_INSIDE_WORDS = 2;
const MOST_ACCENTS = 6;
const RIGHT_TO_LEFT = /[\u0590-\u08ff]/;

const isSelector = (code: number): boolean =>
  (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef);
const isTag = (code: number): boolean => code >= 0xe0000 && code <= 0xe007f;
const isAccent = (code: number): boolean => code >= 0x300 && code <= 0x36f;
const isOverride = (code: number): boolean => code === 0x202d || code === 0x202e;
const isEmbedding = (code: number): boolean =>
  (code >= 0x202a && code <= 0x202c) || (code >= 0x2066 && code <= 0x2069);
const isLatin = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const BLACK_FLAG = 0x1f3f4;
const CANCEL_TAG = 0xe007f;
const LONGEST_FLAG = 8;

export const hiddenIn = (text: string): ReadonlySet<HiddenKind> => {
  const found = new Set<HiddenKind>();
  if (!ANY.test(text)) return found;
  let before = 0;
  let row = 0;
  let all = 0;
  let inside = 0;
  let selectors = 0;
  let accents = 0;
  let overrides = 0;
  let embeddings = 0;
  let flag = -1;
  let rowInsideLatin = false;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isTag(code)) {
      if (flag < 0 && before !== BLACK_FLAG) found.add('tags');
      else flag = code === CANCEL_TAG ? -1 : flag + 1;
      if (flag > LONGEST_FLAG) found.add('tags');
      before = code;
      continue;
    }
    flag = -1;
    if (isSelector(code)) {
      selectors++;
      // One belongs to the character before it; a second one to nothing.
      if (selectors > 1) found.add('selectors');
      continue;
    }
    selectors = 0;
    if (isAccent(code)) {
      accents++;
      if (accents > MOST_ACCENTS) found.add('accents');
      continue;
    }
    accents = 0;
    if (ZERO_WIDTH.has(code) || code === ZWNJ || code === ZWJ) {
      row++;
      if (code !== ZWJ && code !== ZWNJ && code !== 0xad) all++;
      if (row > MOST_IN_A_ROW) found.add('zero-width');
      if (row === 1) rowInsideLatin = isLatin(before) && code !== 0xad;
      continue;
    }
    if (row > 0) {
      if (rowInsideLatin && isLatin(code)) inside++;
      row = 0;
    }
    if (isOverride(code)) overrides++;
    else if (isEmbedding(code)) embeddings++;
    before = code;
  }
  if (all > MOST_IN_ALL || inside > MOST_INSIDE_WORDS) found.add('zero-width-words');
  // Scripts that run from right to left have a use for them.
  if (overrides + embeddings > 0 && !RIGHT_TO_LEFT.test(text))
    found.add(overrides > 0 ? 'overrides' : 'embeddings');
  return found;
};

/** What tag characters and runs of variation selectors spell. */
export const spelledByHidden = (text: string): string => {
  let spelled = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xe0020 && code <= 0xe007e) spelled += String.fromCharCode(code - 0xe0000);
    else if (code >= 0xfe00 && code <= 0xfe0f) spelled += String.fromCharCode(code - 0xfe00);
    else if (code >= 0xe0100 && code <= 0xe01ef) spelled += String.fromCharCode(code - 0xe0100 + 16);
    if (spelled.length > 4_096) break;
  }
  return spelled;
};
