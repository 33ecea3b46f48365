/** What JSON.parse lets through and a store must not see: infinite numbers, lone surrogates, prototype keys, bottomless nesting. */
import type { FieldError } from '../errors/app-error.ts';

const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_KEY_SHOWN = 64;

/** A JSON pointer (RFC 6901) from path segments; long names are cut. */
export const pointer = (segments: readonly PropertyKey[]): string =>
  segments
    .map((segment) => String(segment).slice(0, MAX_KEY_SHOWN).toWellFormed())
    .map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');

/** The first fault, or undefined. */
export const findJsonFault = (value: unknown, path: readonly string[] = []): FieldError | undefined => {
  if (typeof value === 'string') {
    return value.isWellFormed()
      ? undefined
      : { path: pointer(path), message: 'must be well-formed Unicode: it holds a lone surrogate' };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path: pointer(path), message: 'must be a finite number' };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length >= MAX_DEPTH) {
    return { path: pointer(path), message: `must not be nested deeper than ${MAX_DEPTH} levels` };
  }
  for (const key of Object.keys(value)) {
    const here = [...path, key];
    if (FORBIDDEN_KEYS.has(key)) return { path: pointer(here), message: 'is not a permitted field name' };
    if (!key.isWellFormed()) return { path: pointer(here), message: 'is not a well-formed field name' };
    const fault = findJsonFault((value as Record<string, unknown>)[key], here);
    if (fault !== undefined) return fault;
  }
  return undefined;
};
