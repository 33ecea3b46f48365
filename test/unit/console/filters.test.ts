import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  listingQuery,
  nextCursor,
  OUTCOMES,
  readFilters,
  toLocalInput,
} from '../../../console/src/lib/filters.ts';

describe('filters in the address', () => {
  test('known names with good values stay, all else goes', () => {
    expect(
      readFilters({
        tenant: ' acme ',
        model: 7,
        outcome: 'timeout',
        since: '2026-05-01T10:00:00Z',
        until: 'yesterday',
        colour: 'red',
      }),
    ).toEqual({ tenant: 'acme', model: '7', outcome: 'timeout', since: '2026-05-01T10:00:00.000Z' });
    expect(readFilters({ tenant: '', outcome: 'lovely', model: 'x'.repeat(129) })).toEqual({});
  });

  test('what was read is read the same again, whatever stood in the address', () => {
    const search = fc.dictionary(
      fc.constantFrom('tenant', 'model', 'outcome', 'since', 'until', 'other'),
      fc.oneof(
        fc.string(),
        fc.constantFrom(...OUTCOMES),
        fc.date({ noInvalidDate: true }).map(String),
        fc.integer(),
      ),
    );
    fc.assert(
      fc.property(search, (address) => {
        const once = readFilters(address);
        expect(readFilters({ ...once })).toEqual(once);
        expect(Object.values(once).every((value) => typeof value === 'string' && value !== '')).toBe(true);
      }),
    );
  });

  test('the listing is asked by its own names', () => {
    expect(listingQuery({ tenant: 'acme', outcome: 'cut' })).toEqual({ tenant_id: 'acme', outcome: 'cut' });
    expect(listingQuery({})).toEqual({});
  });

  test('the next page is where the link says', () => {
    expect(nextCursor('</admin/observations?limit=50&cursor=a%2Bb>; rel="next"')).toBe('a+b');
    expect(nextCursor('</first>; rel="first", </x?cursor=2>; rel="next"')).toBe('2');
    expect(nextCursor('</x?cursor=2>; rel="prev"')).toBeNull();
    expect(nextCursor(null)).toBeNull();
  });

  test('a time goes into the field as local time and comes back the same', () => {
    const shown = toLocalInput('2026-05-01T10:20:00.000Z');
    expect(shown).toMatch(/^\d{4}-\d\d-\d\dT\d\d:20$/);
    expect(readFilters({ since: shown }).since).toBe('2026-05-01T10:20:00.000Z');
    expect(toLocalInput(undefined)).toBe('');
  });
});
