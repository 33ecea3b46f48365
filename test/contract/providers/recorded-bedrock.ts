/** Bedrock's answers in the shapes that Converse gives them. */
import { events, reply, type Said, sendEvents } from './bedrock-replies.ts';
import { type Behaviour, sendJson } from './fake-upstream.ts';
import type { Recorded } from './recorded.ts';

const TEXT = 'I ';

const spoken = (stopReason: string) => ({
  whole: sendJson(reply([{ text: TEXT }], { stopReason })),
  streamed: sendEvents(events([{ text: TEXT }], stopReason)),
});

const error = (status: number, type: string): Behaviour =>
  sendJson('{"message":"No."}', status, { 'x-amzn-errortype': `${type}:http://internal.amazon.com/` });

const CALLED: Said[] = [{ toolUseId: 'c1', name: 'f' }, { input: '{"a":' }, { input: '1}' }];

export const bedrock: Recorded = {
  'a call': {
    whole: sendJson(
      reply([{ toolUse: { toolUseId: 'c1', name: 'f', input: { a: 1 } } }], { stopReason: 'tool_use' }),
    ),
    streamed: sendEvents(events(CALLED, 'tool_use')),
  },
  'a refusal': spoken('guardrail_intervened'),
  'a filter': spoken('content_filtered'),
  'a truncation': spoken('max_tokens'),
  errors: {
    limited: error(429, 'ThrottlingException'),
    invalid: error(400, 'ValidationException'),
    overloaded: error(503, 'ServiceUnavailableException'),
  },
};
