/** The client goes away: within a second the provider's call is aborted, and what was used is settled. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedBooks } from '../support/chaos/books.ts';
import { DIALECTS } from '../support/chaos/dialects.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { amid, openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { bearer } from '../support/flow/client.ts';
import { until } from '../support/flow/poll.ts';
import { SocketClient } from '../support/flow/socket.ts';
import { ownTime } from '../support/own-time.ts';

const names = Object.keys(DIALECTS) as (keyof typeof DIALECTS)[];
const HUNG_UP_WITHIN_MS = 1_000;
/** A worker of the socket's looks twice a second whether the ask was cancelled. */
const CANCELLED_WITHIN_MS = 1_500;

describe('a client that leaves', () => {
  let setting: WildSetting;
  let asked = 0;

  beforeAll(async () => {
    setting = await openWildSetting();
  });
  afterAll(() => setting.stop());

  /** Sends the request, and hangs up once `left` says so. Answers a stopwatch that runs since. */
  const leave = (path: string, body: object, left: (received: string) => boolean): Promise<() => number> => {
    asked += 1;
    return new Promise((resolve, reject) => {
      const call = request(setting.rig.url + path, {
        method: 'POST',
        headers: { ...bearer(setting.lone.key), 'content-type': 'application/json' },
        agent: false,
      });
      const poll = setInterval(() => left(received) && hangUp(), 20);
      let received = '';
      const hangUp = (): void => {
        clearInterval(poll);
        resolve(ownTime());
        call.destroy();
      };
      call.on('response', (response) => {
        response.on('error', () => undefined);
        response.setEncoding('utf8').on('data', (text: string) => {
          received += text;
        });
      });
      call.on('error', (error) => {
        clearInterval(poll);
        reject(error);
      });
      call.end(JSON.stringify(body));
    });
  };

  const hungUpAfter = async (sinceLeft: () => number): Promise<number> => {
    await setting.provider.left;
    return sinceLeft();
  };

  it.each(names)('amid a stream of %s takes the provider with it', async (name) => {
    setting.provider.script(amid.endless);
    const { path, body } = DIALECTS[name];

    const sinceLeft = await leave(path, body, (received) => received.includes('and on '));

    expect(await hungUpAfter(sinceLeft)).toBeLessThan(HUNG_UP_WITHIN_MS);
  });

  it.each(names)('before the first byte of %s takes the provider with it', async (name) => {
    setting.provider.script(acts.silence);
    const { path, body } = DIALECTS[name];

    const sinceLeft = await leave(path, body, () => setting.provider.calls === 1);

    expect(await hungUpAfter(sinceLeft)).toBeLessThan(HUNG_UP_WITHIN_MS);
  });

  it.each(names)('before a whole answer of %s takes the provider with it', async (name) => {
    setting.provider.script(acts.silence);
    const { path, body } = DIALECTS[name];

    const sinceLeft = await leave(path, { ...body, stream: false }, () => setting.provider.calls === 1);

    expect(await hungUpAfter(sinceLeft)).toBeLessThan(HUNG_UP_WITHIN_MS);
    expect(setting.provider.calls).toBe(1);
  });

  const socket = async (): Promise<SocketClient> => {
    const client = await SocketClient.open(setting.rig.wsUrl, { headers: bearer(setting.lone.key) });
    client.send({ type: 'ask', id: 'one', prompt: 'Are you there?', stream: true });
    asked += 1;
    await client.frame('chunk');
    return client;
  };

  it('a socket on purpose takes the provider with it', async () => {
    setting.provider.script(amid.endless);
    const client = await socket();

    client.send({ type: 'cancel', id: 'one' });
    const sinceLeft = ownTime();

    expect(await hungUpAfter(sinceLeft)).toBeLessThan(CANCELLED_WITHIN_MS);
    expect(await client.end('one')).toMatchObject({ type: 'error', code: 'conflict' });
    await client.close();
  });

  it('a socket by accident may come back to its whole answer', async () => {
    setting.provider.script(async (provider) => {
      acts.stream(provider);
    });
    const client = await socket();
    const [first] = client.chunks('one');
    client.socket.terminate();
    await client.closed;

    const again = await SocketClient.open(setting.rig.wsUrl, { headers: bearer(setting.lone.key) });
    const resume = { type: 'resume', request_id: first?.request_id, after_seq: first?.seq };
    await until('the answer is resumed', 10_000, async () => {
      again.send(resume);
      return (await again.end('one')).type === 'response' ? true : undefined;
    });
    await again.close();
  });

  it('leaves closed books', async () => {
    const observed = await closedBooks(setting.rig, setting.lone.id, asked);

    const aborted = observed.filter(({ outcome }) => outcome === 'aborted');
    expect(aborted).toHaveLength(asked - 1);
    const withText = aborted.filter(({ tokens_out }) => tokens_out > 0);
    expect(withText).toHaveLength(names.length + 1);
    expect(aborted.filter(({ tokens_out }) => tokens_out === 0).every(({ cost_usd }) => cost_usd === 0)).toBe(
      true,
    );
  });
});
