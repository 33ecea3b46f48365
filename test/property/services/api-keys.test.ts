import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeApiKey, parseApiKey } from '../../../shared/services/api-keys.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const seed = fc.nat();
const env = fc.stringMatching(/^[a-z0-9-]{1,32}$/);

describe('API keys', () => {
  it('read back as what they were made of', () => {
    fc.assert(
      fc.property(seed, env, (from, stage) => {
        const { id, key, secret } = makeApiKey({ env: stage, random: seededRandom(from) });

        expect(parseApiKey(key)).toEqual({ env: stage, id, secret });
      }),
    );
  });

  it('are no keys any more when any one character of id or secret is another', () => {
    fc.assert(
      fc.property(
        seed,
        fc.nat(),
        fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyzABC_- é'),
        (from, at, by) => {
          const { key } = makeApiKey({ env: 'test', random: seededRandom(from) });
          const start = 'atp_test_'.length;
          const index = start + (at % (key.length - start));
          fc.pre(key[index] !== by);

          expect(parseApiKey(key.slice(0, index) + by + key.slice(index + 1))).toBeUndefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('are nothing that just looks like one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^atp_test_[0-9a-z]{16}_[0-9a-z]{58}$/), (text) => {
        expect(parseApiKey(text)).toBeUndefined();
      }),
    );
  });
});
