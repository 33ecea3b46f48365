/** What every ModelClient keeps, held against the simulated models and against an OpenAI-compatible provider. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { AnthropicClient } from '../../../shared/adapters/providers/anthropic/client.ts';
import { BedrockClient } from '../../../shared/adapters/providers/bedrock/client.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import type { HttpModelDeps } from '../../../shared/adapters/providers/http-model-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Adapter, SimulatedFault } from '../../../shared/model/adapter.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { message, messageEvents } from './anthropic-replies.ts';
import { events, reply, sendEvents } from './bedrock-replies.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import {
  type Behaviour,
  chunk,
  completion,
  DONE,
  FakeUpstream,
  type ReceivedCall,
  sendJson,
  sendStream,
  USAGE_CHUNK,
} from './fake-upstream.ts';

type Scene = 'answers' | SimulatedFault;

interface Subject {
  start(): Promise<void>;
  stop(): Promise<void>;
  client(): ModelClient;
  /** Sets the stage; the adapter to call. */
  stage(scene: Scene): Adapter;
}

const simulated = (): Subject => ({
  start: async () => undefined,
  stop: async () => undefined,
  client: () => new SimulatedClient(systemClock()),
  stage: (scene) =>
    anAdapter({
      provider: 'simulated',
      latency_ms: 4,
      simulated: scene === 'answers' ? {} : { fault_rate: 1, fault: scene },
    }),
});

type Scenes = Record<Scene, (stream: boolean) => Behaviour>;

const OPENAI_SCENES: Scenes = {
  answers: (stream) =>
    stream
      ? sendStream(chunk('Qubits '), chunk('super'), chunk('pose.', 'stop'), USAGE_CHUNK, DONE)
      : sendJson(completion('Qubits superpose.')),
  http_500: () => sendJson('{"error":{"message":"boom"}}', 500),
  http_429: () => sendJson('{"error":{"message":"slow"}}', 429, { 'retry-after': '2' }),
  reset: () => (response) => void response.destroy(),
  timeout: () => () => undefined,
  cut: (stream) => (response) => {
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    response.write(stream ? chunk('Qubits ') : '{"choices":[', () => response.destroy());
  },
  garbage: (stream) => (stream ? sendStream('data: {"choi\n\n') : sendJson('<html>')),
};

const ANTHROPIC_SCENES: Scenes = {
  ...OPENAI_SCENES,
  answers: (stream) =>
    stream
      ? sendStream(...messageEvents({ text: 'Qubits ' }, { text: 'super' }, { text: 'pose.' }))
      : sendJson(message([{ type: 'text', text: 'Qubits superpose.' }])),
  cut: (stream) => (response) => {
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    const half = messageEvents({ text: 'Qubits ' }).slice(0, 4).join('');
    response.write(stream ? half : '{"content":[', () => response.destroy());
  },
};

const AWS_STREAM = 'application/vnd.amazon.eventstream';

const BEDROCK_SCENES: Scenes = {
  ...OPENAI_SCENES,
  answers: (stream) =>
    stream
      ? sendEvents(events([{ text: 'Qubits ' }, { text: 'super' }, { text: 'pose.' }]))
      : sendJson(reply([{ text: 'Qubits superpose.' }])),
  cut: (stream) => (response) => {
    response.writeHead(200, { 'content-type': stream ? AWS_STREAM : 'application/json' });
    const half = Buffer.concat(events([{ text: 'Qubits ' }]).slice(0, 3));
    response.write(stream ? half : '{"output":{', () => response.destroy());
  },
  garbage: (stream) => (stream ? sendEvents([Buffer.from('{"choices": [1, 2, 3]}')]) : sendJson('<html>')),
};

/** Its calls carry no `stream`: their path says it. */
const wantsStream = ({ path, body }: ReceivedCall): boolean =>
  body.stream === true || path.endsWith('/converse-stream');

class SignedBedrock extends BedrockClient {
  constructor(deps: HttpModelDeps) {
    super({
      ...deps,
      region: 'eu-west-1',
      credentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'secret' }),
    });
  }
}

const overHttp = (Client: new (deps: HttpModelDeps) => ModelClient, scenes: Scenes): Subject => {
  const upstream = new FakeUpstream();
  const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
  let baseUrl = '';
  return {
    start: async () => {
      baseUrl = await upstream.start();
    },
    stop: async () => {
      await upstream.stop();
      await http.close();
    },
    client: () => new Client({ http, secrets: new MemorySecretStore(), clock: systemClock() }),
    stage: (scene) => {
      upstream.behave((response, call) => scenes[scene](wantsStream(call))(response, call));
      return anAdapter({ base_url: baseUrl });
    },
  };
};

describe.each([
  ['simulated', simulated],
  ['openai-compatible', () => overHttp(OpenAiCompatibleClient, OPENAI_SCENES)],
  ['anthropic', () => overHttp(AnthropicClient, ANTHROPIC_SCENES)],
  ['bedrock', () => overHttp(SignedBedrock, BEDROCK_SCENES)],
])('a model client: %s', (_name, makeSubject) => {
  const subject = makeSubject();
  let client: ModelClient;
  beforeAll(() => subject.start());
  afterAll(() => subject.stop());
  beforeEach(() => {
    client = subject.client();
  });

  describe.each([false, true])('with stream: %s', (stream) => {
    it('gives text, then one end with its reason and usage', async () => {
      const adapter = subject.stage('answers');

      const { text, end, error } = await receive(client, adapter, aRequest({ stream }));

      expect(error).toBeUndefined();
      expect(text).not.toBe('');
      expect(end).toMatchObject({
        finish_reason: 'stop',
        usage: { tokens_in: 7, tokens_out: expect.any(Number) },
      });
    });

    it.each(['http_500', 'http_429', 'reset'] as const)(
      '%s is an upstream_error worth another try',
      async (scene) => {
        const adapter = subject.stage(scene);

        const { text, error } = await receive(client, adapter, aRequest({ stream }));

        expect(text).toBe('');
        expect(error).toMatchObject({ code: 'upstream_error', retryable: true });
      },
    );

    it.each(['garbage', 'cut'] as const)('%s is an upstream_error without an end', async (scene) => {
      const adapter = subject.stage(scene);

      const { end, error } = await receive(client, adapter, aRequest({ stream }));

      expect(end).toBeUndefined();
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'upstream_error' });
    });

    it('waits for a silent model until the deadline, and rejects with its reason', async () => {
      const adapter = subject.stage('timeout');

      const { error } = await receive(client, adapter, aRequest({ stream }), AbortSignal.timeout(60));

      expect(error).toMatchObject({ name: 'TimeoutError' });
    });

    it('rejects with the reason of an abort before the call', async () => {
      const adapter = subject.stage('answers');
      const reason = new Error('gone');

      const { text, error } = await receive(client, adapter, aRequest({ stream }), AbortSignal.abort(reason));

      expect(text).toBe('');
      expect(error).toBe(reason);
    });

    it('lets an abort through while it waits', async () => {
      const adapter = subject.stage('timeout');
      const abort = new AbortController();
      const reason = new Error('gone');
      setTimeout(() => abort.abort(reason), 30);

      const { error } = await receive(client, adapter, aRequest({ stream }), abort.signal);

      expect(error).toBe(reason);
    });
  });

  it('gives the pieces of a stream one by one', async () => {
    const adapter = subject.stage('answers');

    const { pieces } = await receive(client, adapter, aRequest({ stream: true }));

    expect(pieces.length).toBeGreaterThan(2);
  });

  it('gives the first text of a stream that is cut later', async () => {
    const adapter = subject.stage('cut');

    const { text, error } = await receive(client, adapter, aRequest({ stream: true }));

    expect(text).not.toBe('');
    expect(error).toMatchObject({ code: 'upstream_error' });
  });

  it('can be left in the middle of a stream', async () => {
    const adapter = subject.stage('answers');
    const events = client.call(adapter, aRequest({ stream: true }), new AbortController().signal);

    for await (const event of events) {
      expect(event.type).toBe('text');
      break;
    }

    expect(await events[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });
});
