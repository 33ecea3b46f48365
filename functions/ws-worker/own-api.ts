/** This product's REST API for one call of one caller, without a way over HTTP: a connection's key is not kept. */
import { scopeOf } from '../../shared/config/scopes.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { parseWith } from '../../shared/middleware/parse-body.ts';
import { askSchema, planSchema } from '../../shared/model/ask-schema.ts';
import { modelList } from '../../shared/model/model-list.ts';
import { observeSchema } from '../../shared/model/observe-schema.ts';
import type { ConfigStore } from '../../shared/ports/config-store.ts';
import type { FeedbackStore } from '../../shared/ports/observation-store.ts';
import type { RestApi, RestCall } from '../../shared/ports/rest-api.ts';
import type { AnswerService } from '../../shared/services/answer/answer-prompt.ts';
import type { AskJob } from '../../shared/services/answer/ask-job.ts';
import {
  type Caller,
  type CallIdentity,
  type CallService,
  callOf,
  noteChoice,
  noteReply,
} from '../../shared/services/answer/call-service.ts';
import { assertScope } from '../../shared/services/authenticate.ts';
import { recordFeedback } from '../../shared/services/record-feedback.ts';

export interface OwnApiDeps {
  calls: CallService;
  answers: AnswerService;
  config: Pick<ConfigStore, 'listAdapters'>;
  feedback: FeedbackStore;
  redact: (text: string) => string;
}

/** Of a connection, whose key is not kept. */
export type OwnIdentity = CallIdentity & { principal: Caller };

/** `scopes` are the caller's, where those are narrowed. */
export const ownApi = (deps: OwnApiDeps, identity: OwnIdentity, scopes?: readonly string[]): RestApi => {
  const { tenantId, facts, requestId } = identity;

  const start = async (body: unknown): Promise<AskJob> => {
    const ask = parseWith(askSchema, body);
    const prepared = await deps.calls.prepare(callOf(ask), tenantId, facts);
    const admission = deps.calls.admit(prepared, identity.id, identity.principal);
    return (await deps.calls.start(prepared, admission, identity)).job;
  };

  const routes: Readonly<Record<string, (call: RestCall) => Promise<unknown>>> = {
    '/v1/ask': async ({ body, signal }) => {
      const reply = await deps.answers.answer(await start(body), signal);
      noteReply(facts, reply);
      return reply;
    },
    '/v1/plan': async ({ body }) => {
      const call = callOf({ ...parseWith(planSchema, body), stream: false });
      const choice = await deps.calls.choose(requestId, await deps.calls.prepare(call, tenantId, facts));
      noteChoice(facts, choice);
      return { request_id: requestId, ...choice.decision };
    },
    '/v1/observe': ({ body }) => recordFeedback(deps, tenantId, parseWith(observeSchema, body)),
    '/v1/models': async () => modelList(await deps.config.listAdapters()),
  };

  const permit = ({ method, path }: RestCall): void =>
    assertScope(scopes, scopeOf({ method, resource: path }));

  return {
    async call(call) {
      const route = routes[call.path];
      if (route === undefined) throw new AppError('not_found', 'There is no such route.');
      permit(call);
      try {
        return { status: 200, body: await route(call) };
      } catch (error) {
        throw told(error, deps.redact);
      }
    },
    async *stream(call) {
      const { body, signal } = call;
      permit(call);
      try {
        const { parts } = await deps.answers.stream(await start(body), signal);
        for await (const part of parts) {
          if ('text' in part) yield { event: 'chunk', data: { text: part.text } };
          else if ('reply' in part) {
            noteReply(facts, part.reply);
            yield { event: 'response', data: part.reply };
          }
        }
      } catch (error) {
        throw told(error, deps.redact);
      }
    },
  };
};

/** Names of fields are the caller's words too. */
const told = (error: unknown, redact: (text: string) => string): unknown =>
  error instanceof AppError && error.errors !== undefined
    ? error.withErrors(
        error.errors.map(({ path, message }) => ({ path: redact(path), message: redact(message) })),
      )
    : error;
