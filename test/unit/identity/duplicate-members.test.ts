import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDuplicateMembers } from '../../../shared/services/identity/duplicate-members.ts';

describe('members of one name', () => {
  it('are found in no document that was written from an object', () => {
    void fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(hasDuplicateMembers(JSON.stringify(value, null, 1))).toBe(false);
      }),
    );
  });

  it('are found wherever they stand, however they are spelt', () => {
    const spelt = (name: string): string =>
      `"${[...name].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
    void fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii' }),
        fc.jsonValue({ maxDepth: 3 }),
        fc.array(fc.constantFrom('list', 'object'), { maxLength: 5 }),
        (name, value, around) => {
          const inner = `{${JSON.stringify(name)}:${JSON.stringify(value)},${spelt(name)}:0}`;
          const text = around.reduce(
            (within, kind) => (kind === 'list' ? `[1,${within}]` : `{"a":"}","b":${within}}`),
            inner,
          );
          expect(hasDuplicateMembers(text)).toBe(true);
        },
      ),
    );
  });
});
