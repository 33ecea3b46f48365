/** The chunks of a completion as the events of a response; the last one leaves when what happened is durable. */
import { type AppError, asAppError } from '../../../shared/errors/app-error.ts';
import { toOpenAiError } from '../../../shared/errors/openai-error.ts';
import type { FrameSource } from '../vendor-route.ts';
import { Output, type ResponseEvent } from './output.ts';
import { endOf, type ResponseFacts, type ResponseState, responseOf, usageOf } from './response.ts';
import type { ResponsesRequest } from './schema.ts';

export async function* responseFrames(source: FrameSource): AsyncGenerator<string, void, undefined> {
  let sequence_number = 0;
  for await (const event of events(source)) {
    yield `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`;
    sequence_number += 1;
  }
}

async function* events({ opening, job, body, createdAt, hooks }: FrameSource): AsyncGenerator<ResponseEvent> {
  const output = new Output(job.requestId);
  let facts: ResponseFacts | undefined;
  let reported: unknown;
  try {
    const { model, parts } = await opening;
    facts = { requestId: job.requestId, createdAt, model, body: body as ResponsesRequest };
    for (const type of ['response.created', 'response.in_progress'])
      yield told(type, facts, { status: 'in_progress', output: [] });
    for await (const part of parts) {
      if ('document' in part) {
        reported = part.document.usage ?? reported;
        yield* output.take(part.document);
      } else if ('reply' in part) {
        hooks.ended(part.reply);
        const end = endOf(part.reply);
        yield* output.end(end.status);
        const usage = usageOf(part.reply, reported);
        yield told(`response.${end.status}`, facts, { ...end, output: output.items, usage });
      }
    }
  } catch (error) {
    const failure = asAppError(error);
    hooks.failed(failure);
    yield failed(failure, facts, output);
  }
}

const told = (type: string, facts: ResponseFacts, state: ResponseState): ResponseEvent => ({
  type,
  response: responseOf(facts, state),
});

/** Of a response that nobody was told of yet there is only an error. */
const failed = (failure: AppError, facts: ResponseFacts | undefined, output: Output): ResponseEvent => {
  const { message, param, code } = toOpenAiError(failure).error;
  if (facts === undefined) return { type: 'error', code, message, param };
  const error = { code: 'server_error', message };
  return told('response.failed', facts, { status: 'failed', output: output.items, error });
};
