/** Composition root of `completions`: environment, services, chain; once for each instance. */
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeAnswering } from '../../shared/composition/answering.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeOnce } from '../../shared/composition/replies.ts';
import { composeTracing } from '../../shared/composition/tracing.ts';
import { completionsEnv, readEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { makeHandlers } from './handler.ts';
import { ownMiddleware } from './own-middleware.ts';
import { schemas } from './schemas.ts';

const env = readEnv(completionsEnv, process.env);
const { clock, random, aws, dynamo, secrets, configTable, redactor, gate, limits, warmUp, ...answering } =
  composeAnswering(env, process.env);
// Beside the rest of the cold start.
warmUp();

const ids = uuidv7Source(clock, random);

const telemetry = makeTelemetry('completions');
const holdsPersonalData = (text: string): boolean => redactor.holdsPersonalData(text);
const tracing = await composeTracing(env, {
  ...{ clock, random, account: aws.account, holdsPersonalData, logger: telemetry.logger },
});

export const handler = buildChain(
  {
    clock,
    ids,
    ...telemetry,
    denials: composeDenials(
      { dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids },
      telemetry.logger,
    ),
    authenticator: composeAuthenticator({ configTable, secrets, clock, env }),
    redact: (text) => redactor.text(text),
    holdsPersonalData,
    tracing,
    limits,
    once: composeOnce({ dynamo, table: env.REPLIES_TABLE, secrets, random, clock }),
  },
  {
    streams: true,
    schemas,
    own: ownMiddleware({ calls: answering.calls, gate }),
    handlers: makeHandlers({ ...answering, clock }),
  },
);
