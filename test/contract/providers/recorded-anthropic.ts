/** Anthropic's answers in the shapes that its API gives them. */
import { event, message } from './anthropic-replies.ts';
import { type Behaviour, sendJson, sendStream } from './fake-upstream.ts';
import type { Recorded } from './recorded.ts';

const TEXT = { type: 'text', text: 'I ', citations: null };

const streamed = (block: object, deltas: readonly object[], stop_reason: string): Behaviour =>
  sendStream(
    event('message_start', { message: { id: 'msg_1', usage: { input_tokens: 7, output_tokens: 1 } } }),
    event('content_block_start', { index: 0, content_block: block }),
    event('ping'),
    ...deltas.map((delta) => event('content_block_delta', { index: 0, delta })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 3 } }),
    event('message_stop'),
  );

const spoken = (stop_reason: string) => ({
  whole: sendJson(message([TEXT], { stop_reason })),
  streamed: streamed({ ...TEXT, text: '' }, [{ type: 'text_delta', text: 'I ' }], stop_reason),
});

const error = (status: number, type: string): Behaviour =>
  sendJson(JSON.stringify({ type: 'error', error: { type, message: 'No.' }, request_id: 'req_1' }), status);

const use = { type: 'tool_use', id: 'c1', name: 'f', caller: { type: 'direct' } };
const part = (partial_json: string) => ({ type: 'input_json_delta', partial_json });

export const anthropic: Recorded = {
  'a call': {
    whole: sendJson(message([{ ...use, input: { a: 1 } }], { stop_reason: 'tool_use' })),
    streamed: streamed({ ...use, input: {} }, [part(''), part('{"a":'), part('1}')], 'tool_use'),
  },
  'a refusal': spoken('refusal'),
  'a filter': spoken('refusal'),
  'a truncation': spoken('max_tokens'),
  errors: {
    limited: error(429, 'rate_limit_error'),
    invalid: error(400, 'invalid_request_error'),
    overloaded: error(529, 'overloaded_error'),
  },
};
