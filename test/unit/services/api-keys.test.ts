import { describe, expect, it } from 'vitest';
import {
  BOOTSTRAP_KEY_ID,
  hashSecret,
  makeApiKey,
  parseApiKey,
  sameSecret,
} from '../../../shared/services/api-keys.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const make = (seed = 1) => makeApiKey({ env: 'prod', random: seededRandom(seed) });

describe('API keys', () => {
  it('have one shape: environment, 80 bits of id, 256 bits of secret and a checksum', () => {
    expect(make().key).toMatch(/^atp_prod_[0-9a-z]{16}_[0-9a-z]{58}$/);
  });

  it('are read back as their parts', () => {
    const { id, key, secret } = make();

    expect(parseApiKey(key)).toEqual({ env: 'prod', id, secret });
  });

  it('differ in id and secret', () => {
    const [one, other] = [make(1), make(2)];

    expect(one.id).not.toBe(other.id);
    expect(one.secret).not.toBe(other.secret);
  });

  it.each([
    [
      'one character changed',
      (key: string) => key.slice(0, -20) + (key.at(-20) === '0' ? '1' : '0') + key.slice(-19),
    ],
    ['another environment', (key: string) => key.replace('prod', 'dev')],
    ['a cut end', (key: string) => key.slice(0, -1)],
    ['one character more', (key: string) => `${key}0`],
    ['no prefix', (key: string) => key.slice(4)],
    ['a blank before', (key: string) => ` ${key}`],
    ['a line break after', (key: string) => `${key}\n`],
  ])('are refused without a look-up: %s', (_name, change) => {
    expect(parseApiKey(change(make().key))).toBeUndefined();
  });

  it('do without a checksum where it is the bootstrap key', () => {
    const secret = 'x'.repeat(32);

    expect(parseApiKey(`atp_local_${BOOTSTRAP_KEY_ID}_${secret}`)).toEqual({
      env: 'local',
      id: BOOTSTRAP_KEY_ID,
      secret,
    });
  });

  it('are hashed under the pepper', () => {
    expect(hashSecret('secret', 'one')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashSecret('secret', 'one')).not.toBe(hashSecret('secret', 'other'));
  });

  it('are compared whatever their lengths', () => {
    expect([sameSecret('abc', 'abc'), sameSecret('abc', 'abd'), sameSecret('abc', 'ab')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
