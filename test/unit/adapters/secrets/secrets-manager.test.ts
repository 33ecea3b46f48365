import { beforeEach, describe, expect, it } from 'vitest';
import { SecretsManagerStore } from '../../../../shared/adapters/secrets/secrets-manager.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { SecretsService } from '../../../support/fakes/secrets-service.ts';

const NAME = 'atp/test/key';

let service: SecretsService;
let clock: ManualClock;
let store: SecretsManagerStore;
beforeEach(() => {
  service = new SecretsService();
  clock = new ManualClock();
  store = new SecretsManagerStore(service.client, 'atp/test', clock);
  service.values.set(NAME, 'first');
});

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
};

describe('the copy of a secret', () => {
  it('serves for a while without asking again', async () => {
    await store.get('key');
    await clock.advance(44_000);

    expect(await store.get('key')).toBe('first');

    expect(service.calls).toEqual(['GetSecretValue']);
  });

  it('is refreshed behind the caller before its time is up', async () => {
    await store.get('key');
    service.values.set(NAME, 'second');
    await clock.advance(46_000);

    const served = await store.get('key');
    await clock.advance(0);

    expect([served, await store.get('key')]).toEqual(['first', 'second']);
  });

  it('serves nobody after its time while the service answers', async () => {
    await store.get('key');
    service.values.set(NAME, 'second');
    await clock.advance(61_000);

    expect(await store.get('key')).toBe('second');
  });

  it('serves on while the service is away, and asks again only now and then', async () => {
    await store.get('key');
    service.isAway = true;
    await clock.advance(3_600_000);

    const served = [await store.get('key'), await store.get('key'), await store.get('key')];

    expect(served).toEqual(['first', 'first', 'first']);
    expect(service.calls).toHaveLength(2);
  });

  it('is renewed when the service is back', async () => {
    await store.get('key');
    service.isAway = true;
    await clock.advance(61_000);
    await store.get('key');
    service.isAway = false;
    service.values.set(NAME, 'second');
    await clock.advance(5_000);

    expect(await store.get('key')).toBe('second');
  });

  it('goes when the secret was deleted elsewhere', async () => {
    await store.get('key');
    service.values.delete(NAME);
    await clock.advance(61_000);

    expect(await store.get('key')).toBeUndefined();
  });

  it('is not made from a read that a write has overtaken', async () => {
    const { opened, open } = gate();
    service.after = (operation) => (operation === 'GetSecretValue' ? opened : undefined);
    const reading = store.get('key');
    await store.put('key', 'second');
    service.after = () => undefined;
    open();
    await reading;

    expect(await store.get('key')).toBe('second');
  });

  it('is one of a bounded number', async () => {
    for (let index = 0; index <= 1_000; index++) {
      service.values.set(`atp/test/s${index}`, 'x');
      await store.get(`s${index}`);
    }
    service.calls.length = 0;

    await store.get('s1000');
    await store.get('s0');

    expect(service.calls).toEqual(['GetSecretValue']);
  });
});

describe('the service', () => {
  it('is asked once by callers that ask together', async () => {
    const values = await Promise.all([store.get('key'), store.get('key'), store.get('key')]);

    expect(values).toEqual(['first', 'first', 'first']);
    expect(service.calls).toHaveLength(1);
  });

  it('that is away fails a first read, a write and a deletion as unavailable', async () => {
    service.isAway = true;

    for (const call of [store.get('key'), store.put('key', 'x'), store.delete('key')]) {
      await expect(call).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    }
  });

  it('that fails to create fails the write', async () => {
    service.before = (operation) => {
      if (operation === 'CreateSecret') throw new Error('throttled');
    };

    await expect(store.put('new', 'x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('may get the same secret from two writers at once', async () => {
    service.before = (operation) => {
      if (operation === 'CreateSecret') service.values.set('atp/test/new', 'of the other');
    };

    await store.put('new', 'mine');

    expect(service.values.get('atp/test/new')).toBe('mine');
  });

  it('is asked again after a write that failed, as it may have happened', async () => {
    await store.get('key');
    service.before = (operation) => {
      if (operation === 'PutSecretValue') {
        service.values.set(NAME, 'second');
        throw new Error('socket hang up');
      }
    };
    await store.put('key', 'second').catch(() => undefined);

    expect(await store.get('key')).toBe('second');
  });
});
