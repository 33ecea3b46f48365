/**
 * Where a name that the model found begins and ends: not over a line or a sentence, without marks and titles. To the tokenizer
 * a line's end is a blank, so names in a column come out as one.
 */
const SENTENCE = /(?<=[\p{L}\p{M}]{3})[.;]\s+|[\r\n]+/gu;
const ABBREVIATION =
  /(?<!\p{L})(?:mrs|prof|capt|rev|sgt|gen|col|hon|dott|sig|ing|lic|avv|geo|chas|jos|thos|alex|robt|edw|benj|dhr|mevr|sra|dra|mme|mlle)$/iu;
const LEADING = /^[\s,;:.\-–—|/\\@()[\]"“”„«»<>*_•\uf0a7]+/u;
const TRAILING = /(?:['’]s|[\s,;:.\-–—|/\\@()[\]"“”„«»<>*_•\uf0a7])+$/u;
const ABBREVIATED = /(?<!\p{L})(?:\p{L}|[js]r)\.$/iu;
const TITLES =
  /^(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|doctor|sir|madam|madame|mme|mlle|monsieur|herr|frau|señora?|sra?|srta|don|doña|dona|uncle|aunt|auntie|aunty|grandpa|grandma|granny|grandfather|grandmother|nurse|coach|captain|capt|sheikh|officer|pan|pani|pán|paní|bapak|pak|ibu|sayın|shri|smt|господин|госпожа|доктор|tante|onkel|tía|tío|tia|tio|zia|zio|cousin|judge|rev|reverend|sister|brother|father|mother|lord|lady|president|senator|detective|agent)\.?\s+)+(?=\p{L})/iu;

export interface Stretch {
  start: number;
  end: number;
}

const partsOf = (name: string): Stretch[] => {
  const parts: Stretch[] = [];
  let start = 0;
  for (const { index, 0: mark } of name.matchAll(SENTENCE)) {
    if (mark.startsWith('.') && ABBREVIATION.test(name.slice(start, index))) continue;
    parts.push({ start, end: index });
    start = index + mark.length;
  }
  return [...parts, { start, end: name.length }];
};

/** The names within a span that the model took for one. */
export const cutNames = (text: string, { start, end }: Stretch): Stretch[] =>
  partsOf(text.slice(start, end)).flatMap((part) => {
    const name = text.slice(start + part.start, start + part.end);
    let left = LEADING.exec(name)?.[0].length ?? 0;
    const marks = TRAILING.exec(name);
    // The dot of an initial is its own.
    const right = marks === null || (marks[0] === '.' && ABBREVIATED.test(name)) ? name.length : marks.index;
    left += TITLES.exec(name.slice(left, Math.max(left, right)))?.[0].length ?? 0;
    return left < right ? [{ start: start + part.start + left, end: start + part.start + right }] : [];
  });
