/** The TypeScript selector answers the golden files as the Rust one, which wrote them, does. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PolicyState, SelectBatch, SelectReply } from '../../../shared/model/selection.ts';
import { decodeArmState } from '../../../shared/model/selection.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';

interface GoldenCase {
  readonly name: string;
  readonly state: { readonly version: number; readonly arms: Readonly<Record<string, string>> } | null;
  readonly event: SelectBatch;
  readonly reply: SelectReply;
}

const TOLERANCE = 1e-9;

function read(file: string): readonly GoldenCase[] {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

function statesOf({ state }: GoldenCase): ReadonlyMap<string, PolicyState> {
  if (state === null) return new Map();
  const arms = Object.entries(state.arms).map(([id, packed]) => {
    const arm = decodeArmState(Buffer.from(packed, 'base64'));
    if (arm === undefined) throw new Error(`the state of ${id} does not decode`);
    return [id, arm] as const;
  });
  return new Map([['default', { version: state.version, freshness: 'fresh', arms: new Map(arms) }]]);
}

/** Numbers replaced by asymmetric matchers, so that shapes are compared exactly and numbers closely. */
function closely(value: unknown): unknown {
  if (typeof value === 'number') return { asymmetricMatch: (other: unknown) => isClose(value, other) };
  if (Array.isArray(value)) return value.map(closely);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closely(inner)]));
}

function isClose(expected: number, actual: unknown): boolean {
  return (
    typeof actual === 'number' && Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))
  );
}

const FILES = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.json'));

describe.each(FILES)('%s', (file) => {
  test.each(read(file).map((one) => [one.name, one] as const))('%s', (_name, golden) => {
    const reply = selectBatch(golden.event, statesOf(golden), () => 0);
    expect(reply).toEqual(closely(golden.reply));
  });
});
