/** Personal data planted wherever a caller can put text: none of it may reach a store, a log or an error. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { askReply, newKeyReply, observationsReply, observeReply } from '../../../shared/model/replies.ts';
import { type Call, expectField, expectProblem, expectReply, type Reply } from './client.ts';
import { allOf, findPlanted, type Planted, plant } from './planted.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

/** For what is written behind the reply's back: logs, and the learner's own. */
const WRITTEN_BEHIND_MS = 2_000;

type Attempt = readonly [name: string, method: string, path: string, call: Call];

const inHeaders = (value: Planted): Attempt[] => {
  const text = allOf(value);
  const ask = (name: string, headers: Record<string, string>): Attempt => [
    name,
    'POST',
    '/v1/ask',
    { body: { prompt: 'Hello' }, headers },
  ];
  return [
    ask('user-agent', { 'user-agent': text }),
    ask('referer', { referer: `https://example.com/?q=${encodeURIComponent(text)}` }),
    ask('cookie', { cookie: `user=${value.email}` }),
    ask('x-forwarded-for', { 'x-forwarded-for': value.ip }),
    ask('x-request-id, e-mail', { 'x-request-id': value.email }),
    ask('x-request-id, SSN', { 'x-request-id': value.ssn }),
    ask('x-request-id, card', { 'x-request-id': value.card }),
    ask('x-request-id, IBAN', { 'x-request-id': value.iban }),
    ask('x-tenant-id, e-mail', { 'x-tenant-id': value.email }),
    ask('x-tenant-id, SSN', { 'x-tenant-id': value.ssn }),
    ask('x-tenant-id, card', { 'x-tenant-id': value.card }),
    ask('traceparent', { traceparent: `00-${value.ssn}-${value.card}-01` }),
    ask('content-type', { 'content-type': `application/json; name="${value.email}"` }),
    ask('content-encoding', { 'content-encoding': value.email }),
    ask('accept-language', { 'accept-language': text }),
    ask('an unknown header', { 'x-customer': text }),
    ask('authorization', { authorization: `Bearer ${value.email}` }),
    ask('x-api-key', { authorization: '', 'x-api-key': `atp_local_${value.ssn}` }),
  ];
};

const inPaths = (value: Planted): Attempt[] => {
  const places: Attempt[] = [];
  for (const text of [
    value.email,
    encodeURIComponent(value.email),
    value.ssn,
    encodeURIComponent(value.phone),
  ]) {
    places.push(
      [`an unknown path ${text}`, 'GET', `/customers/${text}`, {}],
      [`a path below ask ${text}`, 'POST', `/v1/ask/${text}`, { body: { prompt: 'Hello' } }],
      [`an adapter's path ${text}`, 'GET', `/admin/adapters/${text}`, {}],
      [`a removed adapter's path ${text}`, 'DELETE', `/admin/adapters/${text}`, {}],
      [`a quota's path ${text}`, 'GET', `/admin/quotas/${text}`, {}],
      [`a key's path ${text}`, 'DELETE', `/admin/keys/${text}`, {}],
      [`ask's query ${text}`, 'POST', `/v1/ask?who=${text}`, { body: { prompt: 'Hello' } }],
      [`a listing's tenant ${text}`, 'GET', `/admin/observations?tenant_id=${text}`, {}],
      [`a listing's model ${text}`, 'GET', `/admin/observations?model=${text}`, {}],
      [`a listing's cursor ${text}`, 'GET', `/admin/observations?cursor=${text}`, {}],
      [`a listing's unknown parameter ${text}`, 'GET', `/admin/observations?${text}=1`, {}],
    );
  }
  return places;
};

const inBodies = (value: Planted): Attempt[] => {
  const text = allOf(value);
  const post = (name: string, path: string, body: unknown): Attempt => [name, 'POST', path, { body }];
  const model = { id: 'planted', cost_per_1k: 1 };
  const quota = { rate_limit: { rps: 1 } };
  return [
    post('a prompt', '/v1/ask', { prompt: text }),
    post('a streamed prompt', '/v1/ask', { prompt: text, stream: true }),
    post('a planned prompt', '/v1/plan', { prompt: text }),
    post('a refused prompt', '/v1/ask', { prompt: text, max_cost_usd: 0 }),
    post('a chat', '/v1/chat/completions', { model: 'auto', messages: [{ role: 'user', content: text }] }),
    post('a response', '/v1/responses', {
      model: 'auto',
      input: text,
      instructions: text,
      user: value.email,
    }),
    post('a streamed response', '/v1/responses', { model: 'auto', input: text, stream: true }),
    post('a response that is refused', '/v1/responses', { model: 'auto', input: [{ type: text }] }),
    post('a text to embed', '/v1/embeddings', { model: 'gpt-4', input: [text, text], user: value.email }),
    post('a model of no vectors', '/v1/embeddings', { model: value.email, input: text }),
    post('a task type', '/v1/ask', { prompt: 'Hello', task_type: `mail ${value.email}` }),
    post('a session', '/v1/ask', { prompt: 'Hello', session_id: `of ${value.ssn}` }),
    post('a wrong value', '/v1/ask', { prompt: 'Hello', quality: text }),
    post('a wrong type', '/v1/ask', { prompt: { to: text } }),
    post("an unknown field's name", '/v1/ask', { prompt: 'Hello', [value.email]: 1 }),
    post("an unknown field's value", '/v1/ask', { prompt: 'Hello', customer: text }),
    ['broken JSON', 'POST', '/v1/ask', { raw: `{"prompt": "${text}` }],
    post("an observed request's id", '/v1/observe', { request_id: value.email, quality_score: 1 }),
    post("an adapter's id, SSN", '/admin/adapters', { ...model, id: value.ssn }),
    post("an adapter's id, card", '/admin/adapters', { ...model, id: value.card }),
    post("an adapter's model", '/admin/adapters', { ...model, model: value.email }),
    post("an adapter's address", '/admin/adapters', {
      ...model,
      provider: 'openai-compatible',
      base_url: `https://example.com/${encodeURIComponent(value.email)}/v1`,
    }),
    post("an adapter's secret", '/admin/adapters', { ...model, secret_name: value.email }),
    post("an adapter's task", '/admin/adapters', { ...model, simulated: { quality: { [value.email]: 1 } } }),
    post("a quota's tenant", '/admin/quotas', { ...quota, tenant_id: value.ssn }),
    post("another quota's tenant", '/admin/quotas', { ...quota, tenant_id: value.email }),
    post("a key's tenant", '/admin/keys', { tenant_id: value.card }),
    post("a key's role", '/admin/keys', { tenant_id: 'acme', roles: [value.email] }),
    post("a key's end", '/admin/keys', { tenant_id: 'acme', expires_at: value.email }),
    ["a flag's name", 'PUT', '/admin/flags', { body: { selector: { [value.email]: true } } }],
  ];
};

export const privacy = (setting: () => Setting): void => {
  describe('personal data', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test.each([
      ['headers', inHeaders],
      ['paths', inPaths],
      ['bodies', inBodies],
    ])('planted in %s reaches no store and no error', async (place, attempts) => {
      const planted = plant(place);
      const { admin, target } = setting();
      const leaks: string[] = [];
      const faults: string[] = [];
      for (const [name, method, path, call] of attempts(planted)) {
        const reply: Reply = await admin.send(method, path, call);
        if (reply.status >= 500) faults.push(`${name}: ${reply.status}`);
        if (reply.status >= 400)
          leaks.push(...findPlanted(reply.text, [{ ...planted, name: `reply to ${name}` }]));
      }
      await sleep(WRITTEN_BEHIND_MS);
      const stored = await target.readEverythingStored();
      expect(faults).toEqual([]);
      expect(leaks).toEqual([]);
      expect(findPlanted(stored, [planted])).toEqual([]);
    });

    test('a prompt is stored with every finding named', async () => {
      const { id, client } = await setting().tenant();
      expectReply(await client.post('/v1/ask', { prompt: allOf(plant('prompt')) }), askReply);
      const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
      expect(expectReply(list, observationsReply)[0]?.prompt).toBe(
        'Write to [REDACTED:EMAIL], SSN [REDACTED:SSN], card [REDACTED:CREDIT_CARD], ' +
          'call [REDACTED:PHONE], IBAN [REDACTED:IBAN], host [REDACTED:IP].',
      );
    });

    test("the provider sees the prompt as it is, and its echo is the caller's own", async () => {
      await setting().useModels([{ id: 'parrot', cost_per_1k: 0.001, simulated: { echo: true } }]);
      const { client } = await setting().tenant();
      const planted = plant('echo');
      const prompt = allOf(planted);
      const answer = expectReply(await client.post('/v1/ask', { prompt }), askReply);
      const stored = await setting().target.readEverythingStored();
      await setting().useModels(THREE_MODELS);
      expect(answer.text).toBe(prompt);
      expect(findPlanted(stored, [planted])).toEqual([]);
    });

    test('labels, task type, session and the name of a key are stored redacted', async () => {
      const { admin, target } = setting();
      const planted = plant('labels');
      const { id, client } = await setting().tenant();
      const ask = { prompt: 'Hello', task_type: `for ${planted.email}`, session_id: `by ${planted.phone}` };
      const { request_id } = expectReply(await client.post('/v1/ask', ask), askReply);
      const labels = { [planted.email]: planted.ssn, note: allOf(planted) };
      const observed = await client.post('/v1/observe', { request_id, quality_score: 1, labels });
      const name = `key of ${planted.email}`;
      const key = expectReply(await admin.post('/admin/keys', { tenant_id: id, name }), newKeyReply, 201);
      const list = await admin.get(`/admin/observations?tenant_id=${id}`);
      await sleep(WRITTEN_BEHIND_MS);
      const stored = await target.readEverythingStored();
      expectReply(observed, observeReply);
      expect(expectReply(list, observationsReply)).toMatchObject([
        { task_type: 'for [REDACTED:EMAIL]', session_id: 'by [REDACTED:PHONE]' },
      ]);
      expect(key.name).toBe('key of [REDACTED:EMAIL]');
      expect(findPlanted(stored, [planted])).toEqual([]);
    });

    test('the name of an unknown field comes back redacted', async () => {
      const { client } = await setting().tenant();
      const planted = plant('name');
      const reply = await client.post('/v1/ask', { prompt: 'Hello', [planted.email]: true });
      expectField(reply, '/[REDACTED:EMAIL]');
    });

    test('identifiers that hold personal data are refused', async () => {
      const { admin } = setting();
      const { ssn, card } = plant('identifiers');
      expectField(await admin.post('/admin/keys', { tenant_id: ssn }), '/tenant_id');
      expectField(
        await admin.post('/admin/quotas', { tenant_id: card, rate_limit: { rps: 1 } }),
        '/tenant_id',
      );
      expectField(await admin.post('/admin/adapters', { id: ssn, cost_per_1k: 1 }), '/id');
      expectField(await admin.get('/v1/models', { 'x-tenant-id': ssn }), '/headers/x-tenant-id');
      expectProblem(await admin.get(`/admin/quotas/${ssn}`), 'not_found');
    });
  });
};
