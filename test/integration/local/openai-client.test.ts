/** What only a real connection shows: leaving early, retries, and a provider that is slow, silent or failing. */
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observationsReply } from '../../../shared/model/replies.ts';
import {
  type Behaviour,
  chunk,
  completion,
  DONE,
  FakeUpstream,
  sendJson,
  USAGE_CHUNK,
} from '../../contract/providers/fake-upstream.ts';
import { raised } from '../../support/flow/chat.ts';
import { expectReply } from '../../support/flow/client.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
import { until } from '../../support/flow/poll.ts';
import { Setting, type Tenant } from '../../support/flow/setting.ts';
import { ownTime } from '../../support/own-time.ts';

const WITHIN_MS = 300_000;
const ask = (content = 'Hi') => ({ model: 'auto', messages: [{ role: 'user' as const, content }] });

describe('OpenAI’s client against the local runtime', () => {
  const upstream = new FakeUpstream();
  let setting: Setting;
  let tenant: Tenant;

  beforeAll(async () => {
    setting = new Setting(await openLocalTarget());
    const base_url = await upstream.start();
    const model = {
      id: 'real',
      provider: 'openai-compatible',
      base_url,
      model: 'vendor',
      cost_per_1k: 0.001,
    };
    await setting.useModels([model]);
    tenant = await setting.tenant();
  }, WITHIN_MS);

  afterAll(async () => {
    await setting?.target.stop();
    await upstream.stop();
  }, WITHIN_MS);

  const client = (maxRetries = 0): OpenAI =>
    new OpenAI({ apiKey: tenant.key, baseURL: `${setting.target.url}/v1`, maxRetries });

  const newest = async () => {
    const list = await setting.admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);
    return expectReply(list, observationsReply)[0];
  };

  test('the whole body reaches the provider, and its whole reply the caller', async () => {
    upstream.behave(sendJson(completion('ok', { id: 'theirs', system_fingerprint: 'fp_1' })));
    const body = {
      ...ask(),
      seed: 7,
      logit_bias: { 50: -100 },
      stop: ['\n'],
      metadata: { a: 'b' },
      max_tokens: 50,
    };

    const reply = await client().chat.completions.create(body);

    expect(upstream.received[0]?.body).toEqual({ ...body, model: 'vendor' });
    expect(reply).toMatchObject({ id: 'theirs', model: 'real', system_fingerprint: 'fp_1' });
    expect(await newest()).toMatchObject({ tokens_in: 7, tokens_out: 3, tokens_estimated: false });
  });

  test('the first chunk leaves before the second one comes', async () => {
    let goOn = (): void => undefined;
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('one '));
      goOn = () => void response.end(chunk('two', 'stop') + USAGE_CHUNK + DONE);
    });
    const stream = await client().chat.completions.create({ ...ask(), stream: true });
    const texts: string[] = [];
    for await (const { choices } of stream) {
      texts.push(choices[0]?.delta.content ?? '');
      goOn();
    }

    expect(texts).toEqual(['one ', 'two']);
  });

  test('a caller that leaves ends the provider’s call within a second, and what was said is settled', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('one '));
    });
    const stream = await client().chat.completions.create({ ...ask(), stream: true });
    for await (const _ of stream) break;
    const sinceLeft = ownTime();

    await until('the call is given up', 60_000, () => (upstream.givenUp > 0 ? true : undefined));
    const patience = sinceLeft();
    const observed = await until('it is settled', 60_000, async () => {
      const observation = await newest();
      return observation?.outcome === 'aborted' ? observation : undefined;
    });

    expect(patience).toBeLessThan(1_000);
    expect(observed).toMatchObject({ tokens_estimated: true, model: 'real' });
    expect(observed.tokens_in).toBeGreaterThan(0);
  });

  test('what a provider refuses is the caller’s to mend, and is not tried again', async () => {
    upstream.behave(sendJson('{"error":{"message":"secret words"}}', 400));

    const error = await raised(client(2).chat.completions.create(ask()));

    expect([error.constructor.name, error.status, error.code]).toEqual([
      'BadRequestError',
      400,
      'upstream_error',
    ]);
    expect(error.message).not.toContain('secret');
    expect(upstream.received).toHaveLength(1);
  });

  test('a provider that fails for a moment is tried again before the caller hears of it', async () => {
    let calls = 0;
    const failOnce: Behaviour = (response, call) => {
      calls += 1;
      (calls === 1 ? sendJson('{}', 500) : sendJson(completion('ok')))(response, call);
    };
    upstream.behave(failOnce);

    expect((await client().chat.completions.create(ask())).choices[0]?.message.content).toBe('ok');
    expect(calls).toBe(2);
  });

  test('the client’s own retries wait as long as the limit says', async () => {
    upstream.behave(sendJson(completion('ok')));
    const limited = await setting.tenant({ rate_limit: { rps: 1 } });
    const patient = new OpenAI({ apiKey: limited.key, baseURL: `${setting.target.url}/v1`, maxRetries: 3 });

    const replies = await Promise.all([1, 2].map(() => patient.chat.completions.create(ask())));

    expect(replies.map(({ model }) => model)).toEqual(['real', 'real']);
  });

  test('a reader that is slow holds the provider back, and gets everything', async () => {
    const count = 300;
    const piece = 'x'.repeat(64 * 1024);
    let sent = 0;
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (): void => {
        while (sent < count) {
          sent += 1;
          if (!response.write(chunk(piece))) return void response.once('drain', send);
        }
        response.end(chunk('', 'stop') + DONE);
      };
      send();
    });
    const stream = await client().chat.completions.create({ ...ask(), stream: true });
    await sleep(1_000);
    const sentUnread = sent;
    let length = 0;
    for await (const { choices } of stream) length += choices[0]?.delta.content?.length ?? 0;

    expect(sentUnread).toBeLessThan(count);
    expect(length).toBe(count * piece.length);
  });
});
