/** One suite for the stores of replies and of cached answers, in memory and in DynamoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoAnswerCache } from '../../../shared/adapters/dynamodb/answer-cache.ts';
import { DynamoReplyStore } from '../../../shared/adapters/dynamodb/reply-store.ts';
import { MemoryAnswerCache } from '../../../shared/adapters/memory/answer-cache.ts';
import { MemoryReplyStore } from '../../../shared/adapters/memory/reply-store.ts';
import { type AnswerCache, LARGEST_ANSWER, type ReplyStore } from '../../../shared/ports/reply-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const LEASE_MS = 10_000;
const KEPT_MS = 60_000;

const SUBJECTS: [string, (clock: ManualClock) => Promise<ReplyStore>][] = [
  ['in memory', async (clock) => new MemoryReplyStore(clock)],
  [
    'in DynamoDB',
    async (clock) => new DynamoReplyStore(dynamo.client, await makeTable(dynamo.sdk, 'Replies'), clock),
  ],
];

const sealedOf = (bytes: number): string => Buffer.alloc(bytes, 'sealed').toString('base64');

describe.each(SUBJECTS)('replies by idempotency key %s', (_, make) => {
  let clock: ManualClock;
  let replies: ReplyStore;
  beforeEach(async () => {
    clock = new ManualClock();
    replies = await make(clock);
  });

  const claim = (owner: string, fingerprint = 'f', key = 'k') =>
    replies.claim({ key, fingerprint, owner, leaseMs: LEASE_MS, keptMs: KEPT_MS });

  it('are claimed by one of many at once', async () => {
    const states = await Promise.all(Array.from({ length: 8 }, (_, owner) => claim(`o${owner}`)));

    expect(states.map(({ state }) => state).sort()).toEqual([...Array(7).fill('busy'), 'claimed']);
  });

  it('are each claimed by their own key', async () => {
    expect([await claim('a', 'f', 'k'), await claim('b', 'f', 'l')]).toEqual([
      { state: 'claimed' },
      { state: 'claimed' },
    ]);
  });

  it.each([9, 400_000, 1_500_000])('are given back as they were kept: %i bytes', async (bytes) => {
    await claim('a');
    await replies.keep('k', 'a', sealedOf(bytes));

    expect(await claim('b')).toEqual({ state: 'answered', sealed: sealedOf(bytes) });
    expect(await claim('b', 'another')).toEqual({ state: 'other' });
  });

  it('tell another request from the first, also while that runs', async () => {
    await claim('a');

    expect(await claim('b', 'another')).toEqual({ state: 'other' });
  });

  it('are lost where none was kept of an answer', async () => {
    await claim('a');
    await replies.keep('k', 'a');

    expect(await claim('b')).toEqual({ state: 'lost' });
  });

  it('leave a freed key to anybody', async () => {
    await claim('a');
    await replies.free('k', 'a');

    expect(await claim('b', 'another')).toEqual({ state: 'claimed' });
  });

  it('leave the key of a crashed owner to anybody when its lease is over, and not before', async () => {
    await claim('a');
    await clock.advance(LEASE_MS - 1);
    expect(await claim('b')).toEqual({ state: 'busy' });

    await clock.advance(1);
    expect(await claim('b')).toEqual({ state: 'claimed' });

    await replies.keep('k', 'a', sealedOf(9));
    await replies.free('k', 'a');
    expect(await claim('c')).toEqual({ state: 'busy' });
  });

  it('are not taken back once they are kept', async () => {
    await claim('a');
    await replies.keep('k', 'a', sealedOf(9));
    await replies.free('k', 'a');
    await replies.keep('k', 'a', sealedOf(12));

    expect(await claim('b')).toEqual({ state: 'answered', sealed: sealedOf(9) });
  });

  it('are kept for their time, and no longer', async () => {
    await claim('a');
    await replies.keep('k', 'a', sealedOf(9));
    await clock.advance(KEPT_MS - 1);
    expect(await claim('b')).toEqual({ state: 'answered', sealed: sealedOf(9) });

    await clock.advance(1);
    expect(await claim('b', 'another')).toEqual({ state: 'claimed' });
  });

  it('of keys that nobody claimed are nothing to keep or free', async () => {
    await replies.keep('k', 'a', sealedOf(9));
    await replies.free('k', 'a');

    expect(await claim('b')).toEqual({ state: 'claimed' });
  });
});

const CACHES: [string, (clock: ManualClock) => Promise<AnswerCache>][] = [
  ['in memory', async (clock) => new MemoryAnswerCache(clock)],
  [
    'in DynamoDB',
    async (clock) => new DynamoAnswerCache(dynamo.client, await makeTable(dynamo.sdk, 'Replies'), clock),
  ],
];

describe.each(CACHES)('cached answers %s', (_, make) => {
  let clock: ManualClock;
  let cache: AnswerCache;
  beforeEach(async () => {
    clock = new ManualClock();
    cache = await make(clock);
  });

  it('are given back as they were put last, each by its key', async () => {
    await cache.put('k', sealedOf(9), 1_500);
    await cache.put('k', sealedOf(12), 1_500);
    await cache.put('l', sealedOf(15), 1_500);

    expect(await cache.get('k')).toBe(sealedOf(12));
    expect(await cache.get('l')).toBe(sealedOf(15));
    expect(await cache.get('m')).toBeUndefined();
  });

  it('are gone when their time is over', async () => {
    await cache.put('k', sealedOf(9), 1_500);
    await clock.advance(1_499);
    expect(await cache.get('k')).toBe(sealedOf(9));

    await clock.advance(1);
    expect(await cache.get('k')).toBeUndefined();
  });

  it('may be as large as they say', async () => {
    const largest = sealedOf((LARGEST_ANSWER / 4) * 3);
    await cache.put('k', largest, 1_500);

    expect(largest).toHaveLength(LARGEST_ANSWER);
    expect(await cache.get('k')).toBe(largest);
  });
});
