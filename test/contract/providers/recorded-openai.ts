/** OpenAI's answers in the shapes that its API gives them. */
import { type Behaviour, DONE, sendJson, sendStream } from './fake-upstream.ts';
import type { Recorded } from './recorded.ts';

const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 3,
  total_tokens: 10,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};
const HEAD = {
  id: 'chatcmpl-B9MBs8C',
  created: 1_741_569_952,
  model: 'vendor-model',
  system_fingerprint: 'fp_1',
};
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

const whole = (message: object, finish_reason: string): Behaviour =>
  sendJson(
    JSON.stringify({
      ...HEAD,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: null, refusal: null, annotations: [], ...message },
          logprobs: null,
          finish_reason,
        },
      ],
      usage: USAGE,
      service_tier: 'default',
    }),
  );

const chunk = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({
    ...HEAD,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
  })}\n\n`;

const last = `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', choices: [], usage: USAGE })}\n\n`;

const streamed = (deltas: readonly object[], finish_reason: string): Behaviour =>
  sendStream(
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, finish_reason),
    last,
    DONE,
  );

const error = (status: number, type: string, code: string): Behaviour =>
  sendJson(JSON.stringify({ error: { message: 'No.', type, param: null, code } }), status);

const NAMED = { index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } };
const argument = (text: string) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] });

export const openAi: Recorded = {
  'a call': {
    whole: whole({ tool_calls: [CALL] }, 'tool_calls'),
    streamed: streamed([{ tool_calls: [NAMED] }, argument('{"a":'), argument('1}')], 'tool_calls'),
  },
  'a refusal': {
    whole: whole({ refusal: 'I will not.' }, 'stop'),
    streamed: streamed([{ refusal: 'I will ' }, { refusal: 'not.' }], 'stop'),
    reason: 'stop',
  },
  'a filter': {
    whole: whole({ content: 'I ' }, 'content_filter'),
    streamed: streamed([{ content: 'I ' }], 'content_filter'),
  },
  'a truncation': {
    whole: whole({ content: 'I ' }, 'length'),
    streamed: streamed([{ content: 'I ' }], 'length'),
  },
  errors: {
    limited: error(429, 'requests', 'rate_limit_exceeded'),
    invalid: error(400, 'invalid_request_error', 'context_length_exceeded'),
    overloaded: error(503, 'server_error', 'overloaded'),
  },
};
