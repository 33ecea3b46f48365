/** What Anthropic's API answers: a message, or the events of one. */

const USAGE = {
  input_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 2,
  output_tokens: 3,
};

export const message = (content: readonly object[], fields: object = {}): string =>
  JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'vendor-model',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: USAGE,
    ...fields,
  });

export const event = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

export type Said = { text: string } | { id: string; name: string } | { partial_json: string };

const eventsOf = (said: Said): string[] => {
  if ('text' in said)
    return [event('content_block_delta', { index: 0, delta: { type: 'text_delta', ...said } })];
  if ('partial_json' in said)
    return [event('content_block_delta', { index: 1, delta: { type: 'input_json_delta', ...said } })];
  return [
    event('content_block_start', { index: 1, content_block: { type: 'tool_use', ...said, input: {} } }),
  ];
};

export const messageEvents = (...said: Said[]): string[] => [
  event('message_start', { message: { id: 'msg_1', usage: { ...USAGE, output_tokens: 1 } } }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('ping'),
  ...said.flatMap(eventsOf),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
  event('message_stop'),
];
