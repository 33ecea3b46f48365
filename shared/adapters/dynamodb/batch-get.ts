/** Many items by their keys, read consistently, with what DynamoDB leaves undone asked for again, full jitter, bounded. */
import { AppError } from '../../errors/app-error.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item } from './wire.ts';

export interface BatchGetDeps {
  client: DynamoClient;
  table: string;
  clock: Clock;
  random: Random;
}

/** DynamoDB's own limit. */
const MAX_KEYS = 100;
const MAX_ATTEMPTS = 6;
const BASE_DELAY_MS = 10;

/** In no order; what is not there is left out. Throws `unavailable`. */
export const batchGet = async (deps: BatchGetDeps, keys: readonly Item[]): Promise<Item[]> => {
  const batches: Promise<Item[]>[] = [];
  for (let start = 0; start < keys.length; start += MAX_KEYS) {
    batches.push(oneBatch(deps, keys.slice(start, start + MAX_KEYS)));
  }
  return (await Promise.all(batches)).flat();
};

const oneBatch = async ({ client, table, clock, random }: BatchGetDeps, keys: Item[]): Promise<Item[]> => {
  const items: Item[] = [];
  let waiting = keys;
  for (let attempt = 1; ; attempt++) {
    const RequestItems = { [table]: { Keys: waiting, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await answering(client.call('BatchGetItem', { RequestItems }));
    items.push(...(Responses?.[table] ?? []));
    waiting = UnprocessedKeys?.[table]?.Keys ?? [];
    if (waiting.length === 0) return items;
    if (attempt === MAX_ATTEMPTS) {
      throw new AppError('unavailable', 'The store cannot answer at the moment.');
    }
    await clock.sleep(random.next() * BASE_DELAY_MS * 2 ** attempt);
  }
};
