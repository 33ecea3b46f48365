/** JSON schemas in short: what a vendor's published description requires of a document, no more. */
import { Ajv } from 'ajv';

export type Schema = Readonly<Record<string, unknown>>;

export const STRING: Schema = { type: 'string' };
export const NUMBER: Schema = { type: 'number' };
export const COUNT: Schema = { type: 'integer', minimum: 0 };
export const BOOLEAN: Schema = { type: 'boolean' };
export const NULL: Schema = { type: 'null' };
export const ANY_OBJECT: Schema = { type: 'object' };

export const is = (value: string): Schema => ({ const: value });
export const oneOf = (...values: string[]): Schema => ({ enum: values });
export const listOf = (items: Schema, extra: Schema = {}): Schema => ({ type: 'array', items, ...extra });
export const either = (...schemas: Schema[]): Schema => ({ anyOf: schemas });
export const orNull = (schema: Schema): Schema => either(schema, NULL);

/** Other members are allowed, as vendors add some every month. */
export const object = (required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

/** Chosen by the member `type`, so that a fault names a field and not a list of alternatives. */
export const byType = (kinds: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: ['type'],
  properties: { type: { enum: Object.keys(kinds) } },
  allOf: Object.entries(kinds).map(([type, schema]) => ({
    if: { properties: { type: { const: type } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word.
    then: schema,
  })),
});

/** Compiles each schema once. */
const ajv = new Ajv({ allErrors: true, strict: false });

/** Each fault as `place: message`; empty where the document is as described. */
export const faultsOf = (schema: Schema, document: unknown): string[] => {
  const validate = ajv.compile(schema);
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
};
