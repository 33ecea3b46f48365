/** Whoever looks for a function finds what it is for. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FUNCTIONS = [...readdirSync('functions'), 'select', 'learn'];

describe.each(['docs/architecture/services.md', 'docs/architecture/c4.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it.each(FUNCTIONS)('has %s', (name) => {
    expect(text).toMatch(new RegExp(`(?<![\\w-])${name}(?![\\w-])`));
  });
});
