import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkLock } from '../../../scripts/licences/check.ts';
import { isAllowed } from '../../../scripts/licences/spdx.ts';

const allowed = new Set(['MIT', 'ISC', 'Apache-2.0']);

describe('an SPDX expression', () => {
  it.each([
    'MIT',
    '(MIT)',
    'MIT OR GPL-3.0',
    '(GPL-3.0 OR (MIT AND ISC))',
    '(MIT OR GPL-3.0) AND (ISC OR X)',
  ])('allows %s', (expression) => {
    expect(isAllowed(expression, allowed)).toBe(true);
  });

  it.each(['GPL-3.0', '', 'none', 'MIT AND GPL-3.0', '(MIT OR ISC) AND GPL-3.0', '(MIT) AND (GPL-3.0)'])(
    'refuses %j',
    (expression) => {
      expect(isAllowed(expression, allowed)).toBe(false);
    },
  );
});

describe('licences of a lock file', () => {
  it('are stricter for what is shipped than for tools', () => {
    const { refused } = checkLock({
      packages: {
        '': { license: 'Apache-2.0' },
        'node_modules/shipped': { version: '1.0.0', license: 'MPL-2.0' },
        'node_modules/tool': { version: '2.0.0', license: 'MPL-2.0', dev: true },
        'node_modules/a/node_modules/unknown': { version: '3.0.0', dev: true },
      },
    });

    expect(refused).toEqual([
      { name: 'shipped@1.0.0', licence: 'MPL-2.0' },
      { name: 'unknown@3.0.0', licence: 'none' },
    ]);
  });

  it.each(['package-lock.json', 'scripts/encoder/package-lock.json'])('are all allowed in %s', (path) => {
    expect(checkLock(JSON.parse(readFileSync(path, 'utf8'))).refused).toEqual([]);
  });
});
