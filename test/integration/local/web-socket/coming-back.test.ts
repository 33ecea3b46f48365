/** A client that lost its connection gets what it lacks, on whatever process it comes back to; nothing is kept in the clear. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer } from '../../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../../support/flow/local-target.ts';
import { allOf, findPlanted, plant } from '../../../support/flow/planted.ts';
import { Setting } from '../../../support/flow/setting.ts';
import { SocketClient } from '../../../support/flow/socket.ts';

const OPENED_WITHIN_MS = 300_000;
const WRITTEN_BEHIND_MS = 1_500;
/** Enough for a connection to each of three processes. */
const CONNECTIONS = 6;

const PARROT = {
  id: 'parrot',
  cost_per_1k: 0.001,
  simulated: { latency_ms: 3_000, jitter: 0, chunks: 30, echo: true },
};

describe('after a lost connection', () => {
  let target: LocalTarget;
  let setting: Setting;

  beforeAll(async () => {
    target = await openLocalTarget(['--empty', '--workers', '3']);
    setting = new Setting(target);
    await setting.useModels([PARROT]);
  }, OPENED_WITHIN_MS);

  afterAll(() => target?.stop(), OPENED_WITHIN_MS);

  const open = (key = target.tenantKey): Promise<SocketClient> =>
    SocketClient.open(target.runtime().ws_url, { headers: bearer(key) });

  const PROMPT = 'The tide follows the moon, and the moon keeps its own time. '.repeat(4);

  /** Asks, waits for some chunks, and is gone. */
  const interrupted = async (id: string): Promise<{ requestId: string; texts: string[] }> => {
    const client = await open();
    client.send({ type: 'ask', id, prompt: PROMPT, stream: true });
    const { request_id: requestId } = await client.frame('chunk', ({ seq }) => seq === 3);
    client.socket.terminate();
    await client.closed;
    return { requestId, texts: client.chunks(id).map(({ text }) => text) };
  };

  test.each(Array.from({ length: CONNECTIONS }, (_, index) => index))(
    'an answer under way goes on, connection %i',
    async (index) => {
      const { requestId, texts } = await interrupted(`mine ${index}`);
      const client = await open();
      client.send({ type: 'resume', request_id: requestId, after_seq: texts.length - 1 });

      const end = await client.end(`mine ${index}`);
      const chunks = client.chunks(`mine ${index}`);

      expect(chunks[0]?.seq).toBe(texts.length);
      expect(end).toMatchObject({ type: 'response', request_id: requestId, text: PROMPT });
      expect([...texts, ...chunks.map(({ text }) => text)].join('')).toBe(PROMPT);
      await client.close();
    },
  );

  test('an answer that has ended is sent again from where it is asked', async () => {
    const { requestId } = await interrupted('ended');
    await sleep(4_000);
    const client = await open();
    client.send({ type: 'resume', request_id: requestId, after_seq: -1 });
    await client.end('ended');
    const all = [...client.frames];
    client.send({ type: 'resume', request_id: requestId, after_seq: all.length - 3 });
    await client.frame('response', () => client.frames.length === all.length + 2);

    expect(all.map((frame) => 'seq' in frame && frame.seq)).toEqual(all.map((_, index) => index));
    expect(all.at(-1)).toMatchObject({ type: 'response', text: PROMPT });
    expect(client.frames.slice(all.length)).toEqual(all.slice(-2));
    await client.close();
  });

  test('what is not known, or is another tenant’s, is not found', async () => {
    const { requestId } = await interrupted('private');
    const stranger = await open((await setting.tenant()).key);
    stranger.send({ type: 'resume', request_id: requestId, after_seq: -1 });
    stranger.send({ type: 'resume', request_id: 'nothing', after_seq: -1 });

    const answers = [await stranger.end(requestId), await stranger.end('nothing')];

    for (const answer of answers)
      expect(answer).toMatchObject({
        type: 'error',
        code: 'not_found',
        errors: [{ path: '/request_id' }],
      });
    await stranger.close();
  });

  test('personal data in prompts, ids and answers reaches no file', async () => {
    const planted = plant('socket');
    const client = await open();
    const text = allOf(planted);
    const handshake = { headers: { ...bearer(target.tenantKey), 'x-customer': text } };
    await (await SocketClient.open(target.runtime().ws_url, handshake)).close();
    client.send({ type: 'ask', id: planted.email, prompt: text, stream: true });
    client.send({ type: 'ask', id: planted.ssn, prompt: text, session_id: planted.phone });
    client.send({ type: 'ask', id: 'x', prompt: text, stream: true, [planted.email]: planted.card });
    client.send({ type: 'cancel', id: planted.email });
    client.send({ type: 'resume', request_id: planted.card, after_seq: -1 });
    client.send({ type: planted.email });
    client.send(text);
    await client.end(planted.ssn);
    const refused = await client.end('x');
    await client.frame('error', ({ id }) => id === planted.email);
    await client.frame('error', ({ id }) => id === planted.card);
    await client.close();
    await sleep(WRITTEN_BEHIND_MS);

    expect(refused).toMatchObject({ type: 'error', errors: [{ path: '/[REDACTED:EMAIL]' }] });
    expect(findPlanted(await target.readEverythingStored(), [planted])).toEqual([]);
  });
});
