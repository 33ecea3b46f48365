import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CredentialSource, credentialsFrom } from '../../../../shared/adapters/aws/credentials.ts';
import { AwsServer } from '../../../support/fakes/aws-server.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { PATIENT } from '../../../support/patience.ts';

describe("credentials in a function's environment", () => {
  it('are those, with the token', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };

    expect(await credentialsFrom(env, () => 0)()).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  it('need no token', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

    expect(await credentialsFrom(env, () => 0)()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
  });
});

describe("credentials of a container's endpoint", () => {
  const HOUR_MS = 3_600_000;
  const MINUTE_MS = 60_000;
  let server: AwsServer;
  let clock: ManualClock;
  let source: CredentialSource;
  let isDown: boolean;

  beforeEach(async () => {
    server = await new AwsServer().start();
    clock = new ManualClock();
    isDown = false;
    // Numbered, and good for an hour.
    server.answer = () =>
      isDown
        ? { status: 500 }
        : {
            body: JSON.stringify({
              AccessKeyId: `key-${server.calls.length}`,
              SecretAccessKey: 'secret',
              Token: 'token',
              Expiration: new Date(clock.now() + HOUR_MS).toISOString(),
            }),
          };
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${server.url}/v1/credentials`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'Basic abc');
    source = credentialsFrom({}, () => clock.now());
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });

  const keyId = async (): Promise<string> => (await source()).accessKeyId;
  /** A fetch behind a call takes real time. */
  const untilKeyIs = (id: string) => vi.waitFor(async () => expect(await keyId()).toBe(id), PATIENT);

  it('are what it answers to the function', async () => {
    expect(await source()).toMatchObject({
      accessKeyId: 'key-1',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });

    expect(server.calls).toMatchObject([
      { method: 'GET', path: '/v1/credentials', headers: { authorization: 'Basic abc' } },
    ]);
  });

  it('are asked for once by calls that come together, and then kept', async () => {
    const ids = await Promise.all([keyId(), keyId(), keyId()]);
    await clock.advance(HOUR_MS - 6 * MINUTE_MS);

    expect([...ids, await keyId()]).toEqual(['key-1', 'key-1', 'key-1', 'key-1']);
    expect(server.calls).toHaveLength(1);
  });

  it('are renewed five minutes before they expire, and serve meanwhile', async () => {
    await keyId();
    await clock.advance(HOUR_MS - 5 * MINUTE_MS);

    expect([await keyId(), await keyId()]).toEqual(['key-1', 'key-1']);

    await untilKeyIs('key-2');
    expect(server.calls).toHaveLength(2);
  });

  it('are kept while they cannot be renewed, and renewed when they can', async () => {
    await keyId();
    await clock.advance(HOUR_MS - MINUTE_MS);
    isDown = true;
    await keyId();
    await vi.waitFor(() => expect(server.calls).toHaveLength(2), PATIENT);

    expect(await keyId()).toBe('key-1');

    isDown = false;
    await vi.waitFor(async () => expect(await keyId()).not.toBe('key-1'), PATIENT);
  });

  it('that have expired are not used', async () => {
    await keyId();
    await clock.advance(HOUR_MS);

    expect(await keyId()).toBe('key-2');
  });

  it('that have expired and cannot be renewed are an error, until they can', async () => {
    await keyId();
    await clock.advance(HOUR_MS);
    isDown = true;

    await expect(keyId()).rejects.toThrow('500');

    isDown = false;
    expect(await keyId()).toBe('key-3');
  });

  it('are asked for again after a failure', async () => {
    isDown = true;
    const failures = await Promise.allSettled([keyId(), keyId()]);
    isDown = false;

    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await keyId()).toBe('key-2');
    expect(server.calls[0]?.path).toBe('/v1/credentials');
  });

  it('are an error where the environment names no endpoint', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', undefined);

    await expect(source()).rejects.toThrow('AWS_CONTAINER_CREDENTIALS_FULL_URI');
  });

  it('are asked for where the environment has half a key', async () => {
    source = credentialsFrom({ AWS_ACCESS_KEY_ID: 'id' }, () => clock.now());

    expect(await keyId()).toBe('key-1');
  });
});
