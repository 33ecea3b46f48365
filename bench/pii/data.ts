/** Texts with labelled spans, one JSON a line; offsets there count code points, here UTF-16 code units. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { PII_TYPES, type PiiSpan } from '../../shared/model/pii.ts';
import { joinAddresses } from './join-addresses.ts';

export interface Labelled {
  id: string;
  text: string;
  spans: PiiSpan[];
  /** Where its names are from, where that is known. */
  regions: readonly string[];
}

interface Line {
  id: string;
  text: string;
  spans: { start: number; end: number; type: string }[];
  regions?: string[];
}

const isType = (type: string): boolean => (PII_TYPES as readonly string[]).includes(type);

/** Of each code point, and of the end, where it stands in code units. */
const unitsOf = (text: string): number[] => {
  const units: number[] = [];
  let at = 0;
  for (const character of text) {
    units.push(at);
    at += character.length;
  }
  return [...units, at];
};

/** Labels that are no personal data here (organisations, places) are left out. */
export const readLabelled = (file: string, { joined = false } = {}): Labelled[] => {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { id, text, spans, regions = [] } = JSON.parse(line) as Line;
      const units = unitsOf(text);
      const labels = spans.map(({ start, end, type }) => ({
        start: units[start] ?? text.length,
        end: units[end] ?? text.length,
        type,
      }));
      return {
        id,
        text,
        regions: [...new Set(regions)],
        spans: (joined ? joinAddresses(text, labels) : labels).filter((label): label is PiiSpan =>
          isType(label.type),
        ),
      };
    });
};
