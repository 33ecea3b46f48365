/** The functions that no caller reaches: queues, streams, schedules and Secrets Manager call them. */
import { resolve } from 'node:path';
import { SECRETS_PREFIX } from '../../local/environment.ts';
import { toItem } from '../../shared/adapters/dynamodb/observation-item.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import type { SettledObservation } from '../../shared/ports/observation-store.ts';
import { type Ground, PENDING_VERSION } from './ground.ts';
import type { Subject } from './subjects.ts';

const NAMED = 'Please call Margarethe Oyelaran about the invoice.';

const subject = (
  name: string,
  event: Subject['event'],
  isGood: (reply: string) => boolean,
  env: Record<string, string> = {},
): Subject => ({
  name,
  kind: 'node',
  env,
  event,
  check: (reply) => {
    const text = reply.toString('utf8');
    if (!isGood(text)) throw new Error(`an unexpected reply: ${text.slice(0, 2_000)}`);
  },
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const queued = (body: string): Buffer => json({ Records: [{ messageId: 'bench', body }] });
const scheduled = (): Buffer => json({ source: 'schedule' });

/** None of the batch comes again. */
const isServed = (reply: string): boolean => reply === '{"batchItemFailures":[]}';
/** What answers nothing fails loudly. */
const isDone = (reply: string): boolean => reply === 'null';

/** `nextAsk` answers what `ws-message` puts into the queue of asks. */
export const calledByAws = (ground: Ground, nextAsk: () => Promise<string>): Subject[] => [
  subject('ws-worker', async () => queued(await nextAsk()), isServed),
  subject('replay', () => queued(JSON.stringify(settled())), isServed),
  subject('probe-adapters', scheduled, (reply) => /"probed":[0-9]/.test(reply)),
  subject(
    'verify-release',
    () => json({ versions: [{ functionName: 'atp-local-none', version: '1' }] }),
    (reply) => reply.includes('nothing is known to ask it'),
  ),
  // Where nobody listens: what it costs to begin is its own.
  subject('canary', scheduled, (reply) => reply.includes('"ok":false'), { API_URL: 'http://127.0.0.1:9' }),
  subject(
    'find-names',
    () => json({ contract: 1, texts: [NAMED], budget_ms: 10_000 }),
    (reply) => reply.includes('"type":"PERSON"'),
    { PII_MODEL_DIR: resolve(import.meta.dirname, '../../pii-model') },
  ),
  subject('publish-events', () => json({ Records: [inserted()] }), isDone, { EVENT_BUS: 'bench' }),
  subject('export-audit', () => json({ Records: [inserted()] }), isDone, {
    EXPORT_BUCKET: 'bench',
    // The model's server takes objects too: it answers whatever is sent.
    AWS_ENDPOINT_URL: new URL(ground.modelUrl).origin,
  }),
  subject(
    'rotate-secret',
    () =>
      json({
        Step: 'setSecret',
        SecretId: `${SECRETS_PREFIX}/pepper`,
        ClientRequestToken: PENDING_VERSION,
      }),
    isDone,
  ),
];

const inserted = () => ({
  eventName: 'INSERT',
  dynamodb: {
    ApproximateCreationDateTime: 1_700_000_000,
    SequenceNumber: '1',
    NewImage: toItem(settled().observation, '2026-01-05#0'),
  },
});

/** An observation that its table could not take at first. */
const settled = (): SettledObservation => {
  const clock = systemClock();
  const id = uuidv7Source(clock, systemRandom()).uuidv7();
  const at = new Date(clock.now()).toISOString();
  return {
    observation: {
      ...{
        id,
        request_id: id,
        tenant_id: 'default',
        policy: 'default',
        model: 'bench-a',
        provider: 'openai',
      },
      ...{ prompt: 'Why is the sky blue?', task_type: 'general', quality: 'balanced', tokens_in: 12 },
      ...{ tokens_out: 4, tokens_estimated: false, cost_usd: 0.00003, latency_ms: 5, selector: 'rust' },
      ...{ state_version: 0, propensity: 1, propensities: { 'bench-a': 1 }, outcome: 'success' },
      ...{ finish_reason: 'stop', quality_score: null, created_at: at },
    },
    settlement: { id, tenant_id: 'default', day: at.slice(0, 10), tokens: 16, cost_nano: 30_000 },
  };
};
