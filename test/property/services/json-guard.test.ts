import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault, pointer } from '../../../shared/middleware/json-guard.ts';
import { anyCharacter } from '../../support/any-character.ts';

/** Names that break naive code, among ordinary ones. */
const name = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 8 }) },
  fc.constantFrom('__proto__', 'constructor', 'prototype', '', 'a/b', 'm~n', '\ud800', '~1'),
);
const leaf = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 8 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, '\udc00', 1e308, -0),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));

/** As JSON.parse gives it back, with infinite numbers where a body can smuggle them in. */
const parsed = value.map((made) => {
  const text = JSON.stringify(made, (_, inner: unknown) => (inner === 1e308 ? 'INFINITE' : inner));
  return JSON.parse(text.replaceAll('"INFINITE"', '1e999')) as unknown;
});

const resolve = (document: unknown, path: string): unknown => {
  let here = document;
  for (const segment of path.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
};

/** Names that are not well-formed are shown repaired; their pointers do not resolve. */
const everyNameIsWellFormed = (document: unknown): boolean =>
  typeof document !== 'object' ||
  document === null ||
  Object.entries(document).every(([key, inner]) => key.isWellFormed() && everyNameIsWellFormed(inner));

describe('the JSON guard', () => {
  it('names a pointer that resolves, or lets pass what can be stored and read back unchanged', () => {
    fc.assert(
      fc.property(parsed, (document) => {
        const fault = findJsonFault(document);
        if (fault === undefined) {
          const stored = Buffer.from(JSON.stringify(document), 'utf8').toString('utf8');
          expect(stored).not.toMatch(/__proto__|"constructor"|"prototype"/);
          expect(JSON.stringify(JSON.parse(stored))).toBe(JSON.stringify(document));
        } else if (everyNameIsWellFormed(document)) {
          expect(resolve(document, fault.path)).toBeDefined();
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('escapes names so that they read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { minLength: 1 }), (names) => {
        const read = pointer(names)
          .split('/')
          .slice(1)
          .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

        expect(read).toEqual(names);
      }),
    );
  });
});
