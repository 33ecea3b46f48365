/** Precision, recall and F1 of spans, exact and by overlap; the same for every contender. */
import { PII_TYPES, type PiiSpan, type PiiType } from '../../shared/model/pii.ts';
import type { Labelled } from './data.ts';

export interface Counts {
  hits: number;
  found: number;
  expected: number;
}

export interface Rates extends Counts {
  precision: number;
  recall: number;
  f1: number;
}

export interface Score {
  byType: Partial<Record<PiiType, Rates>>;
  micro: Rates;
  /** The mean F1 of the types that occur. */
  macroF1: number;
}

const ratesOf = ({ hits, found, expected }: Counts): Rates => ({
  hits,
  found,
  expected,
  precision: found === 0 ? 0 : hits / found,
  recall: expected === 0 ? 0 : hits / expected,
  f1: found + expected === 0 ? 0 : (2 * hits) / (found + expected),
});

export type Match = (found: PiiSpan, expected: PiiSpan) => boolean;
export const exact: Match = (a, b) => a.start === b.start && a.end === b.end;
export const overlapping: Match = (a, b) => a.start < b.end && b.start < a.end;

const hitsIn = (found: readonly PiiSpan[], expected: readonly PiiSpan[], match: Match): number => {
  const left = [...expected];
  let hits = 0;
  for (const span of found) {
    const at = left.findIndex((one) => match(span, one));
    if (at < 0) continue;
    left.splice(at, 1);
    hits += 1;
  }
  return hits;
};

/** `findings` are those of each text, in the texts' order. Only the named types are looked at. */
export const scoreOf = (
  texts: readonly Labelled[],
  findings: readonly (readonly PiiSpan[])[],
  match: Match,
  types: readonly PiiType[] = PII_TYPES,
): Score => {
  const byType: Partial<Record<PiiType, Rates>> = {};
  const total: Counts = { hits: 0, found: 0, expected: 0 };
  for (const type of types) {
    const counts: Counts = { hits: 0, found: 0, expected: 0 };
    for (const [index, { spans }] of texts.entries()) {
      const expected = spans.filter((span) => span.type === type);
      const found = (findings[index] ?? []).filter((span) => span.type === type);
      counts.hits += hitsIn(found, expected, match);
      counts.found += found.length;
      counts.expected += expected.length;
    }
    for (const key of ['hits', 'found', 'expected'] as const) total[key] += counts[key];
    if (counts.expected > 0) byType[type] = ratesOf(counts);
  }
  const f1s = Object.values(byType).map(({ f1 }) => f1);
  return {
    byType,
    micro: ratesOf(total),
    macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / Math.max(1, f1s.length),
  };
};

/** Recall of names by where they are from, in texts whose names are all from one region. */
export const recallByRegion = (
  texts: readonly Labelled[],
  findings: readonly (readonly PiiSpan[])[],
): Record<string, { recall: number; expected: number }> => {
  const tally: Record<string, { recall: number; expected: number }> = {};
  const regions = [...new Set(texts.flatMap((text) => text.regions))].sort();
  for (const region of regions) {
    const own = texts.map((text) => text.regions.length === 1 && text.regions[0] === region);
    const inRegion = texts.filter((_, index) => own[index]);
    const found = findings.filter((_, index) => own[index]);
    const { recall, expected } = scoreOf(inRegion, found, exact, ['PERSON']).micro;
    if (expected > 0) tally[region] = { recall, expected };
  }
  return tally;
};

const Z = 1.959964;

/** A share with its 95 % interval (Wilson, 1927). */
export const shareOf = (count: number, of: number): { share: number; low: number; high: number } => {
  const share = count / of;
  const centre = share + (Z * Z) / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  return { share, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
};
