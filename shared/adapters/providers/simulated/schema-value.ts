/**
 * A value that a JSON schema accepts, so that a simulated model can honour tools and structured output. It follows the
 * part of JSON Schema that OpenAI's strict mode knows: types, enum, const, properties, items, combinations, local $ref,
 * bounds and formats. What it cannot satisfy (patterns, contradictions) is an error.
 */
import { isObject, type JsonObject } from '../../../model/chat.ts';

export class UnsatisfiableSchemaError extends Error {
  override readonly name = 'UnsatisfiableSchemaError';
}

const MOST_VALUES = 10_000;

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-05T12:00:00Z',
  date: '2026-01-05',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '019b8e2f-0000-7000-8000-000000000001',
};

/** Throws UnsatisfiableSchemaError. `words` is what strings are made of; longer or shorter as the schema wants. */
export const valueFor = (schema: unknown, words: string): unknown =>
  new Generator(schema, words).value(schema, new Set());

class Generator {
  readonly #root: unknown;
  readonly #words: string;
  #left = MOST_VALUES;

  constructor(root: unknown, words: string) {
    this.#root = root;
    this.#words = words === '' ? 'word' : words;
  }

  /**
   * `within` holds the references that are being followed. A smallest value never needs one within itself, so an
   * alternative that does is given up.
   */
  value(schema: unknown, within: ReadonlySet<string>): unknown {
    this.#left -= 1;
    if (this.#left < 0) throw new UnsatisfiableSchemaError('the schema asks for too much');
    if (schema === true) return this.#words;
    if (!isObject(schema)) throw new UnsatisfiableSchemaError('this is no schema that accepts a value');
    if (typeof schema.$ref === 'string') return this.#referred(schema, schema.$ref, within);
    if ('const' in schema) return schema.const;
    if (Array.isArray(schema.enum)) return firstOf(schema.enum);
    if (Array.isArray(schema.allOf)) return this.value(merged(schema, schema.allOf), within);
    for (const name of ['anyOf', 'oneOf'] as const) {
      const options = schema[name];
      if (Array.isArray(options)) return this.#first(without(schema, name), options, within);
    }
    return this.#typed(schema, within);
  }

  #referred(schema: JsonObject, reference: string, within: ReadonlySet<string>): unknown {
    if (within.has(reference)) throw new UnsatisfiableSchemaError('a reference leads back to itself');
    const found = this.#resolve(reference);
    const rest = without(schema, '$ref');
    const target = isObject(found) && hasRules(rest) ? merged(rest, [found]) : found;
    return this.value(target, new Set([...within, reference]));
  }

  #resolve(reference: string): unknown {
    if (!reference.startsWith('#')) throw new UnsatisfiableSchemaError('only local references are followed');
    let found: unknown = this.#root;
    for (const segment of decodeURIComponent(reference.slice(1)).split('/').slice(1)) {
      const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key))
        throw new UnsatisfiableSchemaError('a reference leads nowhere');
      found = (found as JsonObject)[key];
    }
    return found;
  }

  #first(base: JsonObject, options: readonly unknown[], within: ReadonlySet<string>): unknown {
    let failed: unknown = new UnsatisfiableSchemaError('there is no alternative');
    for (const option of options) {
      try {
        return this.value(hasRules(base) && isObject(option) ? merged(base, [option]) : option, within);
      } catch (error) {
        failed = error;
      }
    }
    throw failed;
  }

  #typed(schema: JsonObject, within: ReadonlySet<string>): unknown {
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, within);
      case 'array':
        return this.#array(schema, within);
      case 'string':
        return this.#string(schema);
      case 'integer':
        return number(schema, 1);
      case 'number':
        return number(schema, undefined);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        throw new UnsatisfiableSchemaError('the type is not known');
    }
  }

  /** With the required properties; the others are left out. */
  #object(schema: JsonObject, within: ReadonlySet<string>): JsonObject {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    const entries = required.map((name): [string, unknown] => {
      const known = Object.hasOwn(properties, name)
        ? properties[name]
        : (schema.additionalProperties ?? true);
      return [name, this.value(known, within)];
    });
    return Object.fromEntries(entries);
  }

  #array(schema: JsonObject, within: ReadonlySet<string>): unknown[] {
    const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    const least = wholeNumber(schema.minItems, prefix.length);
    const size = Math.min(
      Math.max(least, prefix.length),
      wholeNumber(schema.maxItems, Number.MAX_SAFE_INTEGER),
    );
    if (size < least) throw new UnsatisfiableSchemaError('the bounds of a list exclude each other');
    return Array.from({ length: Math.min(size, this.#left + 1) }, (_, index) =>
      this.value(prefix[index] ?? schema.items ?? true, within),
    );
  }

  #string(schema: JsonObject): string {
    if (typeof schema.pattern === 'string') return matching(schema.pattern, this.#words);
    const least = wholeNumber(schema.minLength, 0);
    const most = wholeNumber(schema.maxLength, Number.MAX_SAFE_INTEGER);
    if (most < least) throw new UnsatisfiableSchemaError('the bounds of a text exclude each other');
    if (typeof schema.format === 'string' && Object.hasOwn(FORMATS, schema.format))
      return FORMATS[schema.format] ?? '';
    if (least > MOST_VALUES) throw new UnsatisfiableSchemaError('the schema asks for too much');
    const text = this.#words.repeat(Math.ceil(least / [...this.#words].length) || 1);
    const cut = [...text].slice(0, Math.max(least, Math.min(most, [...this.#words].length)));
    return cut.join('');
  }
}

/** Patterns are not solved, only tried. */
const matching = (pattern: string, words: string): string => {
  const candidates = ['', '0', '1', 'a', 'A', 'abc', '2026-01-05', '12:00', '#000000', words];
  const found = candidates.find((candidate) => matches(pattern, candidate));
  if (found === undefined) throw new UnsatisfiableSchemaError('patterns are not solved');
  return found;
};

const matches = (pattern: string, text: string): boolean => {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
};

const typeOf = (schema: JsonObject): unknown => {
  const { type } = schema;
  if (Array.isArray(type)) return type[0];
  if (type !== undefined) return type;
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema || 'minItems' in schema) return 'array';
  if ('minimum' in schema || 'maximum' in schema || 'multipleOf' in schema) return 'number';
  return 'string';
};

const NO_RULES = new Set(['$schema', '$id', '$defs', 'definitions', 'title', 'description', 'default']);

const hasRules = (schema: JsonObject): boolean => Object.keys(schema).some((key) => !NO_RULES.has(key));

const without = (schema: JsonObject, name: string): JsonObject => {
  const { [name]: _, ...rest } = schema;
  return rest;
};

/** All rules together; where two say the same thing differently, the later one counts, but lists of properties add up. */
const merged = (base: JsonObject, others: readonly unknown[]): JsonObject => {
  let all = without(base, 'allOf');
  for (const other of others) {
    if (!isObject(other)) continue;
    const properties = { ...asObject(all.properties), ...asObject(other.properties) };
    const required = [...asList(all.required), ...asList(other.required)];
    all = {
      ...all,
      ...other,
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
      ...(required.length === 0 ? {} : { required }),
    };
  }
  return all;
};

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const firstOf = (values: readonly unknown[]): unknown => {
  if (values.length === 0) throw new UnsatisfiableSchemaError('an enumeration is empty');
  return values[0];
};

const wholeNumber = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? Math.max(0, Math.ceil(value)) : otherwise;

const bound = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The smallest permitted multiple of the step that is not below zero, where the bounds let it be. */
const number = (schema: JsonObject, grain: number | undefined): number => {
  const step = bound(schema.multipleOf) ?? grain;
  const low = Math.max(bound(schema.minimum) ?? -Infinity, bound(schema.exclusiveMinimum) ?? -Infinity);
  const high = Math.min(bound(schema.maximum) ?? Infinity, bound(schema.exclusiveMaximum) ?? Infinity);
  const permits = (value: number): boolean =>
    value >= low &&
    value <= high &&
    value !== schema.exclusiveMinimum &&
    value !== schema.exclusiveMaximum &&
    (grain === undefined || Number.isInteger(value));
  const found = candidatesOf(low, high, step).find(permits);
  if (found === undefined) throw new UnsatisfiableSchemaError('the bounds of a number exclude each other');
  return found;
};

const candidatesOf = (low: number, high: number, step: number | undefined): number[] => {
  if (step === undefined) return [1, 0, low, high, (low + high) / 2, low + 1, high - 1];
  const first = Number.isFinite(low)
    ? Math.ceil(low / step)
    : Math.floor((Number.isFinite(high) ? high : 0) / step);
  return [1, 0, first, first + 1, first - 1].map((count) => count * step + 0);
};
