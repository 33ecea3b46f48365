import { describe, expect, it } from 'vitest';
import { makeHandler, type NamesFacts } from '../../../../functions/find-names/handler.ts';
import { NamesFunction, openNamesFunction } from '../../../../shared/adapters/lambda/names-function.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { GuardedReader } from '../../../../shared/services/redact/guarded-reader.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';
import { brokenReader, FakeReader } from '../../../support/fakes/pii-reader.ts';

const asked = (reply: () => string | Promise<string>) => {
  const payloads: string[] = [];
  const invoker = {
    invoke: async (_name: string, payload: string) => {
      payloads.push(payload);
      return reply();
    },
  };
  return { payloads, reader: new NamesFunction({ invoker, functionName: 'find-names' }) };
};

const answering = (...readings: unknown[]) => asked(() => JSON.stringify({ readings }));

/** The function itself at the other end, with this reader for its model. */
const throughFunction = (model: Pick<FakeReader, 'read'>) => {
  const facts: NamesFacts[] = [];
  const untils: number[] = [];
  const handle = makeHandler({
    read: (texts, until) => {
      untils.push(until);
      return model.read(texts);
    },
    now: () => 1_000,
    found: (found) => facts.push(found),
  });
  const invoker = {
    invoke: async (_name: string, payload: string) => JSON.stringify(await handle(JSON.parse(payload))),
  };
  return { options: { invoker, functionName: 'find-names' }, facts, untils };
};

const PERSON = { start: 4, end: 12, type: 'PERSON' };

describe('the model in a function of its own', () => {
  it('reads as it does beside us, within the time it is given', async () => {
    const { options, facts, untils } = throughFunction(new FakeReader());

    const readings = await new NamesFunction(options).read(['Ask Jane Doe', 'nobody'], 400);

    expect(readings).toEqual([
      { spans: [PERSON], complete: true },
      { spans: [], complete: true },
    ]);
    expect(untils).toEqual([1_400]);
    expect(facts).toEqual([{ texts: 2, findings: 1, partial: 0, ms: 0 }]);
  });

  it('keeps texts out of what it tells of itself', async () => {
    const { options, facts } = throughFunction(new FakeReader());
    await new NamesFunction(options).read(['Ask Jane Doe'], 400);

    expect(JSON.stringify(facts)).not.toContain('Jane');
  });

  it.each([
    ['no JSON', 'oops'],
    ['nothing', 'null'],
    ['no readings', '{}'],
    ['too few', JSON.stringify({ readings: [] })],
  ])('is an error where the answer is %s', async (_what, payload) => {
    await expect(asked(() => payload).reader.read(['Ask Jane Doe'], 1)).rejects.toThrow();
  });

  it.each([
    ['no reading', 1],
    ['no spans', { complete: true }],
    ['no word on its end', { spans: [] }],
    ['a span beyond the text', { spans: [{ ...PERSON, end: 13 }], complete: true }],
    ['a span before it', { spans: [{ ...PERSON, start: -1 }], complete: true }],
    ['an empty span', { spans: [{ ...PERSON, end: 4 }], complete: true }],
    ['half a character', { spans: [{ ...PERSON, start: 4.5 }], complete: true }],
    ['an unknown type', { spans: [{ ...PERSON, type: 'SHOE' }], complete: true }],
    ['spans over each other', { spans: [PERSON, { ...PERSON, start: 8 }], complete: true }],
  ])('is an error where a reading is %s', async (_what, reading) => {
    await expect(answering(reading).reader.read(['Ask Jane Doe'], 1)).rejects.toThrow();
  });

  it('is open when it has answered once', async () => {
    const { payloads, reader } = answering();
    const invoker = { invoke: async () => JSON.stringify({ readings: [] }) };

    await expect(openNamesFunction({ invoker, functionName: 'f' })).resolves.toHaveProperty('reader');
    await reader.read([], 0);
    expect(JSON.parse(payloads[0] ?? '')).toEqual({ contract: 1, texts: [], budget_ms: 0 });
  });

  it.each([
    ['another contract', { contract: 2, texts: [], budget_ms: 1 }],
    ['no texts', { contract: 1, budget_ms: 1 }],
    ['a text that is none', { contract: 1, texts: ['Jane Doe', 7], budget_ms: 1 }],
    ['a time that is none', { contract: 1, texts: [], budget_ms: -1 }],
    ['nothing', undefined],
  ])('refuses %s, without a word of it', async (_what, event) => {
    const handle = makeHandler({
      read: (texts) => new FakeReader().read(texts),
      now: () => 0,
      found: () => undefined,
    });

    await expect(handle(event)).rejects.toThrow(new TypeError('not a question of contract 1'));
  });
});

describe('a request whose names are found in a function', () => {
  const ask = async (reader: Pick<FakeReader, 'read'>, fallback: 'refuse' | 'rules') => {
    const { options } = throughFunction(reader);
    const gateway = new FakeGateway({
      reader: new NamesFunction(options),
      policy: { pii_mode: 'redact', pii_on_failure: fallback },
    });
    await gateway.withModel('a');
    const key = await gateway.keyOf('acme');
    const { status, text } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Ask Jane Doe' } });
    const [observation] = (await gateway.observations.list({ limit: 1 })).items;
    return { status, text, prompt: observation?.prompt };
  };

  it('is stored without them', async () => {
    const { status, prompt } = await ask(new FakeReader(), 'refuse');

    expect({ status, prompt }).toEqual({ status: 200, prompt: 'Ask [REDACTED:PERSON]' });
  });

  it('is refused while the function fails', async () => {
    const { status, text, prompt } = await ask(brokenReader as FakeReader, 'refuse');

    expect({ status, prompt }).toEqual({ status: 503, prompt: undefined });
    expect(text).not.toContain('Jane');
  });

  it('goes by patterns while it fails, where the policy says so', async () => {
    expect((await ask(brokenReader as FakeReader, 'rules')).status).toBe(200);
  });
});

describe('a function that cannot be reached', () => {
  it('is asked again after a pause, not for ever gone', async () => {
    let isThere = false;
    const invoker = {
      invoke: async () => {
        if (!isThere) throw new AppError('unavailable', 'no function');
        return JSON.stringify({ readings: [] });
      },
    };
    let now = 0;
    const clock = {
      now: () => now,
      monotonic: () => now,
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
    };
    const guarded = new GuardedReader(() => openNamesFunction({ invoker, functionName: 'f' }), clock);

    await expect(guarded.read(new Set(['a']))).rejects.toThrow('no function');
    isThere = true;
    await expect(guarded.read(new Set(['a']))).rejects.toThrow('a moment ago');
    now = 5_000;
    // It is there, and then answers for another number of texts.
    await expect(guarded.read(new Set(['a']))).rejects.toThrow('another number');
  });
});
