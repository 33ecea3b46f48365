/** What a text is written with: one pass over its code units. */

export interface CharacterCounts {
  readonly total: number;
  readonly latin: number;
  /** Letters with diacritics, Latin-1 Supplement and Latin Extended. */
  readonly accented: number;
  readonly upper: number;
  readonly digits: number;
  /** Han, Kana, Hangul. */
  readonly cjk: number;
  /** Letters of any other script, and whatever is no ASCII: emoji, arrows, lone surrogates. */
  readonly otherScript: number;
  readonly lines: number;
  readonly commas: number;
  readonly quotes: number;
  readonly sentenceEnds: number;
  readonly brackets: number;
  readonly operators: number;
}

type Class = Exclude<keyof CharacterCounts, 'total'>;

const ASCII_CLASS: ReadonlyMap<string, Class> = new Map<string, Class>([
  ['\n', 'lines'],
  [',', 'commas'],
  ...[...'"\'`'].map((mark): [string, Class] => [mark, 'quotes']),
  ...[...'.?!'].map((mark): [string, Class] => [mark, 'sentenceEnds']),
  ...[...'()[]{}<>;'].map((mark): [string, Class] => [mark, 'brackets']),
  ...[...'+-*/=^%$\\|&_#'].map((mark): [string, Class] => [mark, 'operators']),
]);

function classOf(code: number): Class | undefined {
  if (code >= 97 && code <= 122) return 'latin';
  if (code >= 65 && code <= 90) return 'upper';
  if (code >= 48 && code <= 57) return 'digits';
  if (code < 0x80) return ASCII_CLASS.get(String.fromCharCode(code));
  if (code >= 0xc0 && code <= 0x24f) return 'accented';
  if ((code >= 0x3040 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af)) return 'cjk';
  // Typographic quotes and dashes say nothing about the language.
  if (code >= 0x2000 && code <= 0x206f) return undefined;
  return code >= 0x250 ? 'otherScript' : undefined;
}

export function countCharacters(text: string): CharacterCounts {
  const counts = {
    ...{ total: text.length, latin: 0, accented: 0, upper: 0, digits: 0, cjk: 0, otherScript: 0 },
    ...{ lines: 1, commas: 0, quotes: 0, sentenceEnds: 0, brackets: 0, operators: 0 },
  };
  for (let index = 0; index < text.length; index += 1) {
    const found = classOf(text.charCodeAt(index));
    if (found !== undefined) counts[found] += 1;
  }
  // A capital is a Latin letter too.
  counts.latin += counts.upper;
  return counts;
}
