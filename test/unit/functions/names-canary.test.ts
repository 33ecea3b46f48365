/** A name, which only the model finds, in every field that holds words: it may be written down nowhere. */
import { describe, expect, it, vi } from 'vitest';
import type { PiiMode } from '../../../shared/model/policy.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { brokenReader, FakeReader } from '../../support/fakes/pii-reader.ts';
import { document, end, ScriptedModels, text } from '../../support/fakes/scripted-models.ts';
import { FakeSocketGateway } from '../../support/fakes/socket-gateway.ts';

const NAME = 'Xanthippe Quux';
const words = `Ask ${NAME} about it`;

const completion = (content: string) => ({
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
});

const tool = {
  type: 'function',
  function: {
    name: 'mail',
    description: words,
    parameters: { type: 'object', properties: { to: { type: 'string', description: words } } },
  },
};

const CALLS: readonly (readonly [route: string, body: object])[] = [
  ['/v1/ask', { prompt: words, task_type: words, session_id: words }],
  ['/v1/plan', { prompt: words, task_type: words, session_id: words }],
  [
    '/v1/chat/completions',
    {
      model: 'auto',
      user: words,
      metadata: { of: words },
      tools: [tool],
      messages: [
        { role: 'system', content: words },
        { role: 'user', name: NAME, content: [{ type: 'text', text: words }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: 'c',
              type: 'function',
              function: { name: 'mail', arguments: JSON.stringify({ to: words, [NAME]: 1 }) },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'c', content: words },
        { role: 'user', content: words },
      ],
    },
  ],
  [
    '/v1/responses',
    { model: 'auto', input: words, instructions: words, user: words, metadata: { of: words } },
  ],
  [
    '/v1/messages',
    { model: 'auto', max_tokens: 9, system: words, messages: [{ role: 'user', content: words }] },
  ],
  ['/v1/embeddings', { model: 'a', input: [words, words], user: words }],
];

/** Everything that can be read out of what was written. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Map) return [...inner];
    if (inner instanceof Set) return [...inner];
    if (inner instanceof Error) return [inner.name, inner.message, inner.stack, inner.cause];
    return typeof inner === 'bigint' ? String(inner) : inner;
  });

const leftBy = async (pii_mode: PiiMode, reader: FakeReader | typeof brokenReader, fails = false) => {
  const models = new ScriptedModels({
    a: CALLS.flatMap(([route]) =>
      route === '/v1/plan' || route === '/v1/embeddings'
        ? []
        : [[route === '/v1/ask' ? text('[PERSON_1]') : document(completion('[PERSON_1]')), end()]],
    ),
  });
  const gateway = new FakeGateway({ client: models, reader, policy: { pii_mode, cache: { ttl_s: 60 } } });
  await gateway.withModel('a');
  if (fails) gateway.observations.commit = () => Promise.reject(new Error('the table is away'));
  const key = await gateway.keyOf('acme');
  const put = [
    vi.spyOn(gateway.sessions, 'put'),
    vi.spyOn(gateway.cache, 'put'),
    vi.spyOn(gateway.replies, 'keep'),
  ];
  const statuses: number[] = [];
  for (const [route, body] of CALLS) {
    const headers = { 'idempotency-key': `canary${route.replaceAll('/', '-')}` };
    statuses.push((await gateway.call(`POST ${route}`, { key, body, headers })).status);
  }
  return {
    statuses,
    sent: written(models.calls.map(({ request }) => request)),
    everything: written([
      await gateway.observations.list({ limit: 100 }),
      gateway.deadLetters.letters,
      gateway.log.endings.map(({ scope: { body: _body, ...scope }, ...ending }) => ({ ...ending, scope })),
      gateway.log.failures,
      gateway.rust.batches,
      put.map(({ mock }) => mock.calls),
      [...gateway.cache.entries],
      [...gateway.replies.entries],
    ]),
  };
};

describe('a name in every field of every route that reaches a model', () => {
  it.each(['observe', 'pseudonymise', 'redact', 'block'] as const)(
    'is written down nowhere: %s',
    async (mode) => {
      const { everything, sent } = await leftBy(mode, new FakeReader({ [NAME]: 'PERSON' }));

      expect(everything).not.toContain('Xanthippe');
      expect(sent.includes('Xanthippe')).toBe(mode === 'observe');
    },
  );

  it('waits in no dead letter', async () => {
    const { everything } = await leftBy('observe', new FakeReader({ [NAME]: 'PERSON' }), true);

    expect(everything).toContain('[REDACTED:PERSON]');
    expect(everything).not.toContain('Xanthippe');
  });

  it('is sent and written down nowhere while the model is out of order', async () => {
    const { everything, sent, statuses } = await leftBy('observe', brokenReader);

    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(everything + sent).not.toContain('Xanthippe');
  });
});

describe('a name in what reaches a model another way', () => {
  const ask = { prompt: words, task_type: words, session_id: words };
  const made = () =>
    ({
      reader: new FakeReader({ [NAME]: 'PERSON' }),
      client: new ScriptedModels({ a: [[text('Done.'), end()]] }),
    }) as const;
  const leftIn = async ({ observations, log, auditStore, replies, cache }: FakeGateway): Promise<string> =>
    written([
      (await observations.list({ limit: 9 })).items,
      log.endings.map(({ scope: { body: _body, ...scope }, ...ending }) => ({ ...ending, scope })),
      log.failures,
      auditStore.chains,
      [...replies.entries],
      [...cache.entries],
    ]);

  it('is written down nowhere over MCP', async () => {
    const gateway = new FakeGateway(made());
    await gateway.withModel('a');
    await gateway.call('POST /mcp', {
      key: await gateway.keyOf('acme'),
      headers: { accept: 'application/json, text/event-stream' },
      body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask', arguments: ask } },
    });

    const left = await leftIn(gateway);
    expect(left).toContain('Ask [REDACTED:PERSON] about it');
    expect(left).not.toContain('Xanthippe');
  });

  it('is written down nowhere over a WebSocket', async () => {
    const fake = new FakeSocketGateway(made());
    await fake.gateway.withModel('a');
    await fake.open('c');
    await fake.send('c', { type: 'ask', id: NAME, ...ask });
    const bodies = fake.queue.takeAll();
    await fake.work({ bodies });

    const left = (await leftIn(fake.gateway)) + written([bodies, [...fake.asks.entries]]);
    expect(left).toContain('Ask [REDACTED:PERSON] about it');
    expect(left).not.toContain('Xanthippe');
  });
});
