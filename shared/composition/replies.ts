/** What keeps replies, the same for each function that does: under their idempotency keys, and as answers to the same request. */

import { DynamoAnswerCache } from '../adapters/dynamodb/answer-cache.ts';
import { DynamoReplyStore } from '../adapters/dynamodb/reply-store.ts';
import type { DynamoClient } from '../adapters/dynamodb/wire.ts';
import type { Clock, Random } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { Once } from '../services/replies/once.ts';
import { ResponseCache } from '../services/replies/response-cache.ts';
import { REPLY_SECRET, Sealer } from '../services/sealer.ts';

export interface RepliesDeps {
  dynamo: DynamoClient;
  table: string;
  secrets: SecretStore;
  random: Random;
  clock: Clock;
}

/** Longer than the longest function runs. */
const LEASE_MS = 320_000;
const LARGEST_REPLY = 4 * 1024 * 1024;

export const composeResponseCache = ({ dynamo, table, secrets, random, clock }: RepliesDeps): ResponseCache =>
  new ResponseCache({
    store: new DynamoAnswerCache(dynamo, table, clock),
    sealer: new Sealer({ secrets, random, secret: REPLY_SECRET }),
  });

export const composeOnce = ({ dynamo, table, secrets, random, clock }: RepliesDeps): Once =>
  new Once({
    store: new DynamoReplyStore(dynamo, table, clock),
    sealer: new Sealer({ secrets, random, secret: REPLY_SECRET }),
    leaseMs: LEASE_MS,
    largestReply: LARGEST_REPLY,
  });
