import { describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { Sealer, SOCKET_SECRET } from '../../../shared/services/sealer.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const sealerWith = (secret: string): Sealer =>
  new Sealer({
    secrets: new MemorySecretStore({ [SOCKET_SECRET]: secret }),
    random: seededRandom(),
    secret: SOCKET_SECRET,
  });

const VALUE = { text: 'Grüße an joe@example.com', list: [1, 'two'] };

describe('Sealer', () => {
  it('opens what it sealed, and shows nothing of it', async () => {
    const sealer = sealerWith('one');

    const sealed = await sealer.seal('here', VALUE);

    expect(await sealer.open('here', sealed)).toEqual(VALUE);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('joe');
  });

  it('seals the same differently each time, and names it the same', async () => {
    const sealer = sealerWith('one');

    expect(await sealer.seal('here', VALUE)).not.toBe(await sealer.seal('here', VALUE));
    expect(await sealer.hash('a')).toBe(await sealer.hash('a'));
    expect(await sealer.hash('a')).not.toBe(await sealer.hash('b'));
    expect(await sealer.hash('a')).not.toBe(await sealerWith('two').hash('a'));
  });

  it.each([
    ['in another place', 'one', 'there', (sealed: string) => sealed],
    ['under another key', 'two', 'here', (sealed: string) => sealed],
    [
      'changed',
      'one',
      'here',
      (sealed: string) => sealed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    ],
    ['cut short', 'one', 'here', (sealed: string) => sealed.slice(0, 12)],
    ['empty', 'one', 'here', () => ''],
  ])('does not open what is %s', async (_, key, place, change) => {
    const sealed = await sealerWith('one').seal('here', VALUE);

    await expect(sealerWith(key).open(place, change(sealed))).rejects.toMatchObject({ code: 'internal' });
  });

  it('does nothing without a key', async () => {
    const sealer = new Sealer({
      secrets: new MemorySecretStore(),
      random: seededRandom(),
      secret: SOCKET_SECRET,
    });

    for (const call of [sealer.seal('here', VALUE), sealer.open('here', ''), sealer.hash('a')])
      await expect(call).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('takes a new key when there is one', async () => {
    const secrets = new MemorySecretStore({ [SOCKET_SECRET]: 'one' });
    const sealer = new Sealer({ secrets, random: seededRandom(), secret: SOCKET_SECRET });
    const before = await sealer.hash('a');
    await secrets.put(SOCKET_SECRET, 'two');

    expect(await sealer.hash('a')).not.toBe(before);
  });
});
