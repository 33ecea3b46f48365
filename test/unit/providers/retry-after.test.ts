import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../shared/adapters/providers/errors.ts';

const NOW = Date.parse('2026-01-05T12:00:00.000Z');

describe('retry-after', () => {
  it.each([
    ['0', 0],
    ['3', 3_000],
    ['1.5', 1_500],
    ['Mon, 05 Jan 2026 12:00:07 GMT', 7_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
  ])('%s is %i ms', (value, milliseconds) => {
    expect(retryAfterMs(value, NOW)).toBe(milliseconds);
  });

  it.each([undefined, '', 'soon', '99999999999', ['1', '2']])('%j is none', (value) => {
    expect(retryAfterMs(value, NOW)).toBeUndefined();
  });
});
