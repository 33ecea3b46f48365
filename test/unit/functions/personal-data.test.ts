import { describe, expect, it } from 'vitest';
import { DEFAULT_FLAGS } from '../../../shared/config/default-policy.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { PiiDetectorKind, Policy } from '../../../shared/model/policy.ts';
import type { PiiReader } from '../../../shared/ports/pii-detector.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { brokenReader, FakeReader } from '../../support/fakes/pii-reader.ts';
import { document, end, ScriptedModels, text } from '../../support/fakes/scripted-models.ts';

const PROMPT = 'Write to Jane Doe at jane@example.com.';
const REDACTED = 'Write to [REDACTED:PERSON] at [REDACTED:EMAIL].';
const HIDDEN = 'Write to [PERSON_1] at [EMAIL_1].';

interface Made {
  policy?: Partial<Policy>;
  reader?: PiiReader;
  detector?: PiiDetectorKind;
  script?: ConstructorParameters<typeof ScriptedModels>[0][string];
}

const made = async ({ policy = {}, reader = new FakeReader(), detector = 'hybrid', script }: Made = {}) => {
  const models = new ScriptedModels({ a: script ?? [[text('Done.'), end()]] });
  const gateway = new FakeGateway({ client: models, policy, reader });
  await gateway.config.putFlags({ ...DEFAULT_FLAGS, pii: { detector } });
  await gateway.withModel('a');
  const key = await gateway.keyOf('acme');
  const post = (route: string, body: object) => gateway.call(`POST ${route}`, { key, body });
  return {
    gateway,
    models,
    post,
    ask: (fields: object = {}) => post('/v1/ask', { prompt: PROMPT, ...fields }),
    sent: (call = 0) => models.calls[call]?.request.chat.messages.at(-1)?.content,
    stored: async () => (await gateway.observations.list({ limit: 1 })).items[0]?.prompt,
    facts: () => gateway.log.endings.at(-1)?.scope.facts,
  };
};

describe('names, which only the model finds', () => {
  it('are in nothing that is written down, and go to the provider, where a policy observes', async () => {
    const { ask, sent, stored, facts } = await made();
    await ask();

    expect([sent(), await stored()]).toEqual([PROMPT, REDACTED]);
    expect(facts()).toMatchObject({ findings: 2, pii: { PERSON: 1, EMAIL: 1 }, pii_mode: 'observe' });
  });

  it('are redacted for the provider, or blocked, where the policy says so', async () => {
    const redact = await made({ policy: { pii_mode: 'redact' } });
    await redact.ask();
    expect(redact.sent()).toBe(REDACTED);

    const block = await made({ policy: { pii_mode: 'block' } });
    expect(await block.ask({ prompt: 'Who is Jane Doe?' })).toMatchObject({
      status: 422,
      json: { code: 'blocked' },
    });
  });

  it('are looked for in task types and sessions too, and not in what programs go by', async () => {
    const reader = new FakeReader();
    const { post, gateway } = await made({ reader });
    await post('/v1/ask', { prompt: 'Hello there', task_type: 'for Jane Doe', session_id: 'Jane Doe 7' });
    const [observed] = (await gateway.observations.list({ limit: 1 })).items;

    expect(observed).toMatchObject({ task_type: 'for [REDACTED:PERSON]', session_id: '[REDACTED:PERSON] 7' });
    expect(reader.asked).not.toContain('user');
  });

  it('cost nothing where the policy is off or the flag says rules', async () => {
    const reader = new FakeReader();
    await (await made({ reader, policy: { pii_mode: 'off' } })).ask();
    const rules = await made({ reader, detector: 'rules' });
    await rules.ask();

    expect(reader.asked).toEqual([]);
    expect(await rules.stored()).toBe('Write to Jane Doe at [REDACTED:EMAIL].');
  });

  it('are only counted in the shadow', async () => {
    const { ask, stored, facts } = await made({ detector: 'shadow' });
    await ask();

    expect(await stored()).toBe('Write to Jane Doe at [REDACTED:EMAIL].');
    expect(facts()).toMatchObject({ findings: 1, pii_shadow: { added: 1, complete: true } });
  });

  it('harm no request that fails in the shadow', async () => {
    const { ask, facts } = await made({ detector: 'shadow', reader: brokenReader });

    expect((await ask()).status).toBe(200);
    expect(facts()).toMatchObject({ pii_shadow: 'failed' });
  });
});

describe('where the model cannot be asked', () => {
  it('the request is refused, and nothing is charged', async () => {
    const { ask, models, gateway, facts } = await made({ reader: brokenReader });
    const { status, json, headers, text: said } = await ask();

    expect([status, json.code, headers['retry-after']]).toEqual([503, 'unavailable', '1']);
    expect(said).not.toContain('order');
    expect(models.calls).toEqual([]);
    expect((await gateway.observations.list({ limit: 1 })).items).toEqual([]);
    expect(facts()).toMatchObject({ pii_fallback: true });
  });

  it('patterns do alone where the policy says so', async () => {
    const { ask, stored, facts } = await made({ reader: brokenReader, policy: { pii_on_failure: 'rules' } });

    expect((await ask()).status).toBe(200);
    expect(await stored()).toBe('Write to Jane Doe at [REDACTED:EMAIL].');
    expect(facts()).toMatchObject({ findings: 1, pii_fallback: true });
  });

  it('says in header and reply that its time was over before the end', async () => {
    const reader = new FakeReader();
    reader.isComplete = false;
    const { ask, post, facts } = await made({ reader });
    const reply = await ask();

    expect([reply.headers['x-atp-pii'], reply.json.pii]).toEqual(['partial', 'partial']);
    expect(facts()).toMatchObject({ pii_partial: true });
    expect((await post('/v1/plan', { prompt: PROMPT })).headers['x-atp-pii']).toBe('partial');
    expect((await (await made()).ask()).headers['x-atp-pii']).toBeUndefined();
  });
});

describe('pseudonyms', () => {
  const policy = { pii_mode: 'pseudonymise' } as const;

  it('are all that the provider sees; the caller sees names, and neither is written down', async () => {
    const { ask, sent, stored } = await made({
      policy,
      script: [[text('Dear [PERS'), text('ON_1], PERSON_1!'), end()]],
    });
    const { json } = await ask();

    expect([sent(), json.text, await stored()]).toEqual([HIDDEN, 'Dear Jane Doe, Jane Doe!', REDACTED]);
  });

  it('are restored in a stream, whose pieces add up to the text', async () => {
    const script = [['Dear ', '[person', '_1', '] of [EM', 'AIL_1', '] and [', 'x'].map(text).concat(end())];
    const { ask } = await made({ policy, script });
    const events = (await ask({ stream: true })).text.trim().split('\n\n');
    const data = events.map((event) => JSON.parse(event.split('\ndata: ')[1] ?? '{}') as JsonObject);
    const answer = 'Dear Jane Doe of jane@example.com and [x';

    expect(data.at(-1)?.text).toBe(answer);
    expect(
      data
        .slice(0, -1)
        .map((chunk) => chunk.text)
        .join(''),
    ).toBe(answer);
  });

  it('have the same number in every turn, whatever the turns before said', async () => {
    const turns = [
      { role: 'user', content: 'I am Jane Doe' },
      { role: 'assistant', content: 'Hello Jane Doe' },
      { role: 'user', content: 'Mail jane@example.com, Jane Doe' },
    ];
    const completion = { choices: [{ message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }] };
    const { post, models } = await made({ policy, script: [[document(completion), end()]] });
    const user = 'Bill Doe jane@example.com';
    for (const count of [1, 3])
      await post('/v1/chat/completions', { model: 'auto', messages: turns.slice(0, count), user });

    const [first, second] = models.calls.map(({ request }) => request.chat);
    expect(first).toMatchObject({ user: 'Bill Doe [EMAIL_1]', messages: [{ content: 'I am [PERSON_1]' }] });
    expect(second).toMatchObject({
      user: 'Bill Doe [EMAIL_1]',
      messages: [
        { content: 'I am [PERSON_1]' },
        { content: 'Hello [PERSON_1]' },
        { content: 'Mail [EMAIL_1], [PERSON_1]' },
      ],
    });
  });

  it('have the same number in every ask of a session', async () => {
    const { ask, sent } = await made({ policy });
    await ask({ prompt: 'It is Jane Doe.', session_id: 's-one' });
    await ask({ prompt: 'Again Jane Doe.', session_id: 's-one' });
    await ask({ prompt: 'Again Jane Doe.', session_id: 's-two' });
    const number = (call: number) => /\[PERSON_(\d+)\]/.exec(String(sent(call)))?.[1];

    expect(number(0)).toMatch(/^\d{1,4}$/);
    expect(number(1)).toBe(number(0));
    expect(number(2)).not.toBe(number(0));
  });

  it('are restored in the arguments of tools on every route that has them', async () => {
    const call = { id: 'c', type: 'function', function: { name: 'mail', arguments: '{"to":"[PERSON_1]"}' } };
    const completion = {
      choices: [
        { index: 0, message: { role: 'assistant', tool_calls: [call] }, finish_reason: 'tool_calls' },
      ],
    };
    const { post } = await made({ policy, script: [[document(completion), end(undefined, 'tool_calls')]] });
    const parameters = { type: 'object', properties: { to: { type: 'string' } } };
    const messages = [{ role: 'user', content: PROMPT }];
    const chat = await post('/v1/chat/completions', {
      model: 'auto',
      messages,
      tools: [{ type: 'function', function: { name: 'mail', parameters } }],
    });
    const anthropic = await post('/v1/messages', {
      model: 'auto',
      max_tokens: 9,
      messages,
      tools: [{ name: 'mail', input_schema: parameters }],
    });
    const response = await post('/v1/responses', { model: 'auto', input: PROMPT });

    for (const reply of [chat, anthropic, response]) {
      expect([reply.status, reply.text.includes('Jane Doe'), reply.text.includes('PERSON_1')]).toEqual([
        200,
        true,
        false,
      ]);
    }
  });
});
