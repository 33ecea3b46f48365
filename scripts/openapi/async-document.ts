/** The AsyncAPI document of `/ws`, from the schemas that messages are parsed with and replies are checked with. */
import * as z from 'zod';
import { candidateReply } from '../../shared/model/replies.ts';
import * as frames from '../../shared/model/socket-frames.ts';
import { KEPT_MS, MAX_CHUNK_BYTES, MAX_MESSAGE_BYTES } from '../../shared/model/socket-limits.ts';
import { KEY_PROTOCOL, MCP_PROTOCOL, MESSAGES, SUBPROTOCOL } from '../../shared/model/socket-message.ts';

type Json = Record<string, unknown>;

const kib = (bytes: number): string => `${bytes / 1024} KB`;

const DESCRIPTION =
  'Asks over a WebSocket, many at once on one connection. Fields, limits and errors are those of `POST /v1/ask`. ' +
  `The key comes as \`Authorization: Bearer KEY\` or \`x-api-key\`, or, from a browser, as the subprotocol \`${KEY_PROTOCOL}KEY\` ` +
  `offered beside \`${SUBPROTOCOL}\`, which alone is selected. A message may hold ${kib(MAX_MESSAGE_BYTES)} ` +
  `(a longer one closes with 1009), a chunk ${kib(MAX_CHUNK_BYTES)}. A frame may come twice after a fault; \`seq\` tells. ` +
  'The end of a connection (ten minutes idle, two hours old, a shutdown) is announced by `closing`. ' +
  `Who offers the subprotocol \`${MCP_PROTOCOL}\` speaks the Model Context Protocol instead, one JSON-RPC message a frame.`;

const SENT: Record<keyof typeof MESSAGES, string> = {
  ask: 'A prompt. It ends with one `response` or one `error` of the same `id`.',
  cancel: 'Ends the asks of this `id` that came before it; they end with an `error`, `conflict`.',
  ping: 'Keeps an idle connection open; answered by `pong`.',
  resume: `On a new connection: sends what follows \`after_seq\`, up to ${KEPT_MS / 60_000} minutes after the answer's end.`,
};

const RECEIVED = {
  chunk: [frames.chunkFrame, 'Text of a streamed answer. The texts of all chunks add up to `text`.'],
  response: [frames.responseFrame, 'The reply of an ask, once its observation is durable.'],
  error: [
    frames.errorFrame,
    'A problem, with the `id` of the message, or the `request_id` where it has none.',
  ],
  pong: [frames.pongFrame, 'The answer to `ping`.'],
  closing: [frames.closingFrame, 'The connection will be closed; reconnect after the time that is given.'],
} as const;

const schemas = (named: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, {
    io,
    target: 'draft-7',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.keys(named).map((id) => {
      const { $schema: _, $id: __, id: ___, ...schema } = (made[id] ?? {}) as Json;
      return [id, schema];
    }),
  );
};

const message = (name: string, summary: string): Json => ({
  name,
  summary,
  contentType: 'application/json',
  payload: { $ref: `#/components/schemas/${name}` },
});

const operation = (action: 'send' | 'receive', names: readonly string[]): Json => ({
  action,
  channel: { $ref: '#/channels/ws' },
  messages: names.map((name) => ({ $ref: `#/channels/ws/messages/${name}` })),
});

export const asyncApiDocument = (version: string): Json => {
  const sent = Object.entries(SENT).map(([name, summary]) => [name, message(name, summary)] as const);
  const received = Object.entries(RECEIVED).map(
    ([name, [, summary]]) => [name, message(name, summary)] as const,
  );
  const all = [...sent, ...received];
  const outputs = Object.fromEntries(Object.entries(RECEIVED).map(([name, [schema]]) => [name, schema]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'ATP Router: WebSocket',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:8787',
        protocol: 'ws',
        description: 'The local runtime',
        security: [{ $ref: '#/components/securitySchemes/bearer' }],
      },
    },
    channels: {
      ws: {
        address: '/ws',
        messages: Object.fromEntries(all.map(([name]) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: {
      fromClient: operation('receive', Object.keys(SENT)),
      toClient: operation('send', Object.keys(RECEIVED)),
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      messages: Object.fromEntries(all),
      schemas: {
        ...schemas(MESSAGES, 'input'),
        ...schemas({ ...outputs, Candidate: candidateReply }, 'output'),
      },
    },
  };
};
