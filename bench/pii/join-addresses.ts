/**
 * dev-presidio-synth labels most of its addresses in pieces (`353`, `Buerlia 227`, `Apt. 391`), by the slots of its templates.
 * Joined, they are the addresses that a reader sees: one wherever nothing but blanks, marks and a place's name stands between.
 */
export interface Label {
  start: number;
  end: number;
  type: string;
}

/** `nan` is what its templates put where a country has no states. */
const NOTHING = /^(?:[\s,.>?-]|nan)*$/;

const between = (text: string, from: number, to: number, places: readonly Label[]): string => {
  let left = '';
  let at = from;
  for (const place of places) {
    if (place.start < at || place.end > to) continue;
    left += text.slice(at, place.start);
    at = place.end;
  }
  return left + text.slice(at, to);
};

export const joinAddresses = (text: string, labels: readonly Label[]): Label[] => {
  const sorted = [...labels].sort((a, b) => a.start - b.start);
  const places = sorted.filter(({ type }) => type === 'LOC');
  const joined: Label[] = [];
  for (const label of sorted) {
    const last = joined.at(-1);
    const follows = label.type === 'ADDRESS' && last?.type === 'ADDRESS';
    if (follows && NOTHING.test(between(text, last.end, label.start, places))) last.end = label.end;
    else if (label.type !== 'LOC') joined.push({ ...label });
  }
  return joined;
};
