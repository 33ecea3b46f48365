import { describe, expect, it } from 'vitest';
import { timeOfUuidv7, uuidv7Prefix, uuidv7Source } from '../../../../shared/adapters/runtime/uuidv7.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const UUIDV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOW = Date.parse('2026-01-05T12:00:00.123Z');

const sourceAt = (now: () => number) =>
  uuidv7Source({ now, monotonic: () => 0, sleep: () => Promise.resolve() }, seededRandom());

const isSorted = (ids: string[]): boolean =>
  ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ''));

describe('a UUIDv7', () => {
  it('has the form that RFC 9562 gives it', () => {
    expect(sourceAt(() => NOW).uuidv7()).toMatch(UUIDV7);
  });

  it('carries its time', () => {
    expect(timeOfUuidv7(sourceAt(() => NOW).uuidv7())).toBe(NOW);
  });

  it('sorts by its making, also within one millisecond and beyond what its counter holds', () => {
    const source = sourceAt(() => NOW);

    const ids = Array.from({ length: 10_000 }, () => source.uuidv7());

    expect(isSorted(ids)).toBe(true);
    expect(new Set(ids).size).toBe(10_000);
  });

  it('sorts by its making, also when the clock goes back', () => {
    const times = [NOW, NOW - 60_000, NOW - 1, NOW + 1];
    const source = sourceAt(() => times.shift() ?? NOW);

    expect(isSorted(Array.from({ length: 4 }, () => source.uuidv7()))).toBe(true);
  });

  it('does not sort before the prefix of its millisecond, nor after that of the next', () => {
    const id = sourceAt(() => NOW).uuidv7();

    expect(id > uuidv7Prefix(NOW)).toBe(true);
    expect(id < uuidv7Prefix(NOW + 1)).toBe(true);
  });

  it.each([
    '',
    'request-1',
    '019b8e2f-0000-4000-8000-000000000001',
    '019B8E2F-0000-7000-8000-000000000001',
    '019b8e2f-0000-7000-0000-000000000001',
    '019b8e2f-0000-7000-8000-0000000000011',
  ])('is not %j', (text) => {
    expect(timeOfUuidv7(text)).toBeUndefined();
  });
});
