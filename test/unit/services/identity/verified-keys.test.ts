import { describe, expect, it } from 'vitest';
import type { ApiKeyRecord } from '../../../../shared/model/tenant.ts';
import { VerifiedKeys } from '../../../../shared/services/identity/verified-keys.ts';

const record = (id: string): ApiKeyRecord => ({
  id,
  tenant_id: 'acme',
  roles: ['caller'],
  hash: 'of no key',
  created_at: '2026-01-01T00:00:00.000Z',
});

describe('VerifiedKeys', () => {
  it('knows a key by all of its letters', () => {
    const verified = new VerifiedKeys();
    const known = record('a');
    verified.add('a', 'the key', known);

    expect(verified.recordOf('a', 'the key')).toBe(known);
    for (const other of ['', 'the kex', 'the key ', 'the ke'])
      expect(verified.recordOf('a', other)).toBeUndefined();
    expect(verified.recordOf('b', 'the key')).toBeUndefined();
  });

  it('remembers ten thousand, and forgets the one longest known', () => {
    const verified = new VerifiedKeys();
    for (let index = 0; index <= 10_000; index++)
      verified.add(`k${index}`, `key ${index}`, record(`k${index}`));

    expect(verified.recordOf('k0', 'key 0')).toBeUndefined();
    expect(verified.recordOf('k1', 'key 1')?.id).toBe('k1');
    expect(verified.recordOf('k10000', 'key 10000')?.id).toBe('k10000');
  });
});
