/**
 * What JSON.parse lets through and a store must not see: infinite numbers, lone surrogates, prototype keys, bottomless
 * nesting, endless lists. */
import type { FieldError } from '../errors/app-error.ts';

/** A schema of ten levels, each an array of objects, takes half of it. */
const MAX_DEPTH = 64;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_KEY_SHOWN = 64;
/** Far more than ten thousand messages have; each costs time in everything that reads them. */
const MAX_VALUES = 250_000;
const MAX_NAME = 1_024;

/** A JSON pointer (RFC 6901) from path segments; long names are cut. */
export const pointer = (segments: readonly PropertyKey[]): string =>
  segments
    .map((segment) => String(segment).slice(0, MAX_KEY_SHOWN).toWellFormed())
    .map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');

interface Found {
  /** From the innermost name to the outermost. */
  path: string[];
  message: string;
}

const found = (message: string, ...path: string[]): Found => ({ path, message });

/** Names are put together only on the way back from a fault: a body may hold very many values. */
const findIn = (value: unknown, depth: number, count: { values: number }): Found | undefined => {
  count.values += 1;
  if (count.values > MAX_VALUES) return found(`must not hold more than ${MAX_VALUES} values`);
  if (typeof value === 'string')
    return value.isWellFormed() ? undefined : found('must be well-formed Unicode: it holds a lone surrogate');
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : found('must be a finite number');
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return found(`must not be nested deeper than ${MAX_DEPTH} levels`);
  const isList = Array.isArray(value);
  for (const key in value) {
    const fault =
      (isList ? undefined : faultOfName(key)) ??
      findIn((value as Record<string, unknown>)[key], depth + 1, count);
    if (fault === undefined) continue;
    fault.path.push(key);
    return fault;
  }
  return undefined;
};

const faultOfName = (name: string): Found | undefined => {
  if (FORBIDDEN_KEYS.has(name)) return found('is not a permitted field name');
  if (!name.isWellFormed()) return found('is not a well-formed field name');
  return name.length > MAX_NAME ? found(`has a name of more than ${MAX_NAME} characters`) : undefined;
};

/** The first fault, or undefined. */
export const findJsonFault = (value: unknown): FieldError | undefined => {
  const fault = findIn(value, 0, { values: 0 });
  return fault === undefined ? undefined : { path: pointer(fault.path.reverse()), message: fault.message };
};
