import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  UnsatisfiableSchemaError,
  valueFor,
} from '../../../shared/adapters/providers/simulated/schema-value.ts';

const WORDS = 'This is simulated.';
const DEFINITIONS = {
  Name: { type: 'string', minLength: 2 },
  Tree: {
    type: 'object',
    properties: { value: { type: 'integer' }, next: { anyOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] } },
    required: ['value', 'next'],
    additionalProperties: false,
  },
};

/** `ajv` is the judge; formats are not its business here. */
const accepts = (schema: unknown, value: unknown): boolean =>
  new Ajv2020({ strict: false, validateFormats: false }).compile(schema as object)(value);

const range = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min: 0, max })).map(([low, size]) => [low, low + size]);

const name = fc.stringMatching(/^[a-z]{1,4}$/);

const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      { type: 'boolean' },
      { type: 'null' },
      { type: 'string' },
      { type: ['string', 'null'] },
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      { type: 'integer', multipleOf: 7, minimum: 10 },
      { $ref: '#/$defs/Name' },
      { $ref: '#/$defs/Tree' },
      { $ref: '#/$defs/Name', description: 'with a note' },
      {},
    ),
    fc.record({ const: fc.jsonValue({ maxDepth: 1 }) }),
    fc.record({ enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 3 }) }),
    range(0, 12).map(([minLength, maxLength]) => ({ type: 'string', minLength, maxLength })),
    range(-100, 100).map(([minimum, maximum]) => ({ type: 'integer', minimum, maximum })),
    range(-100, 100).map(([minimum, maximum]) => ({ type: 'number', minimum, maximum })),
    fc
      .tuple(tie('schema'), range(0, 3))
      .map(([items, [minItems, maxItems]]) => ({ type: 'array', items, minItems, maxItems })),
    fc
      .array(tie('schema'), { minLength: 1, maxLength: 2 })
      .map((prefixItems) => ({ type: 'array', prefixItems })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.dictionary(name, tie('schema'), { maxKeys: 4, noNullPrototype: true }).map((properties) => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => ({
      allOf: [
        { type: 'object', properties: { a }, required: ['a'] },
        { type: 'object', properties: { b }, required: ['b'] },
      ],
    })),
  ),
}));

describe('a value made for a JSON schema', () => {
  it('is accepted by it', () => {
    fc.assert(
      fc.property(schema, (made) => {
        const whole = { ...(made as object), $defs: DEFINITIONS };

        expect(accepts(whole, valueFor(whole, WORDS))).toBe(true);
      }),
      { numRuns: 250 },
    );
  });

  it.each([
    ['date-time', /^\d{4}-\d\d-\d\dT/],
    ['uuid', /^[0-9a-f-]{36}$/],
    ['email', /^[^@]+@example\.com$/],
  ])('has the format %s', (format, shape) => {
    expect(valueFor({ type: 'string', format }, WORDS)).toMatch(shape);
  });

  it.each<[string, unknown, unknown]>([
    ['the words, cut', { type: 'string', maxLength: 4 }, 'This'],
    [
      'a pattern that a common text matches',
      { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
      '2026-01-05',
    ],
    ['a property that is required but not described', { required: ['x'] }, { x: WORDS }],
    ['by the other rules where the type is left out', { items: { type: 'null' }, minItems: 2 }, [null, null]],
    ['a number by its bounds', { minimum: 5 }, 5],
    ['a reference with an escaped name', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { const: 1 } } }, 1],
    [
      'an alternative beside common rules',
      { type: 'object', properties: { a: { const: 1 } }, oneOf: [{ required: ['a'] }] },
      { a: 1 },
    ],
  ])('%s', (_name, made, value) => {
    expect(valueFor(made, WORDS)).toEqual(value);
  });

  it.each<[string, unknown]>([
    ['false', false],
    ['a type that is none', { type: 'text' }],
    ['an empty enumeration', { enum: [] }],
    ['no alternative', { anyOf: [] }],
    ['bounds that exclude each other', { type: 'integer', minimum: 2, maximum: 1 }],
    ['lengths that exclude each other', { type: 'string', minLength: 2, maxLength: 1 }],
    ['sizes that exclude each other', { type: 'array', minItems: 2, maxItems: 1 }],
    ['a reference that leads nowhere', { $ref: '#/$defs/constructor', $defs: {} }],
    ['a reference elsewhere', { $ref: 'https://example.com/schema' }],
    ['a reference to itself', { $ref: '#' }],
    ['a pattern that nothing common matches', { type: 'string', pattern: '^zzz$' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['too long a text', { type: 'string', minLength: 1_000_000_000 }],
    ['too long a list', { type: 'array', items: {}, minItems: 1_000_000_000 }],
    [
      'more than there is room for',
      {
        $ref: '#/$defs/a0',
        $defs: Object.fromEntries(
          Array.from({ length: 30 }, (_, level) => [
            `a${level}`,
            { type: 'array', minItems: 9, items: level === 29 ? {} : { $ref: `#/$defs/a${level + 1}` } },
          ]),
        ),
      },
    ],
  ])('is not made for %s', (_name, made) => {
    expect(() => valueFor(made, WORDS)).toThrow(UnsatisfiableSchemaError);
  });
});
