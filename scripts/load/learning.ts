/** What the learner made of the scores, read where it keeps it: in the store of the runtime that was started. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoLearningState } from '../../shared/adapters/dynamodb/learning-state.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { decodeArmState } from '../../shared/model/selection.ts';
import type { Claim } from './books.ts';
import type { Ledger } from './tally.ts';
import type { Target } from './target.ts';

const POLICY = 'default';
const TABLE = 'Learning';
const LEARNT_WITHIN_MS = 30_000;
/** Longer than the learner waits between two looks. */
const ONCE_MORE_MS = 3_000;

const storeUrl = (pid: number): string => {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return `http://127.0.0.1:${args[args.indexOf('--port') + 1]}`;
};

/** Undefined where the store is not at hand. */
export const learningClaim = async (target: Target, { scores }: Ledger): Promise<Claim | undefined> => {
  const pid = target.runtime()?.processes.dynamodb;
  if (typeof pid !== 'number') return undefined;
  const client = makeDynamoClient({
    endpoint: storeUrl(pid),
    region: 'us-east-1',
    credentials: async () => ({ accessKeyId: 'local', secretAccessKey: 'local' }),
    clock: systemClock(),
    random: systemRandom(),
  });
  const state = new DynamoLearningState(client, TABLE, decodeArmState);
  const learnt = async (): Promise<{ count: number; sum: number }> => {
    const arms = [...(await state.read(POLICY)).arms.values()];
    const total = (pick: (arm: (typeof arms)[number]) => number): number =>
      arms.reduce((sum, arm) => sum + pick(arm), 0);
    return { count: total(({ count }) => count), sum: total(({ sum }) => sum) };
  };
  const deadline = performance.now() + LEARNT_WITHIN_MS;
  while ((await learnt()).count < scores.confirmed && performance.now() < deadline) await sleep(250);
  await sleep(ONCE_MORE_MS);
  const { count, sum } = await learnt();
  await client.close();
  const most = scores.confirmed + scores.unknown;
  const isExact = scores.unknown > 0 || Math.abs(sum - scores.sum) < 1e-6 * (1 + scores.sum);
  return {
    claim: 'each score was learnt exactly once',
    holds: count >= scores.confirmed && count <= most && isExact,
    seen: `${count} learnt, ${scores.confirmed} confirmed, ${scores.unknown} unconfirmed; sum ${sum.toFixed(3)} of ${scores.sum.toFixed(3)}`,
  };
};
