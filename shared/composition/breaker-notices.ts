/** What functions that call models tell of breakers and limits. */
import { DynamoEventLog } from '../adapters/dynamodb/event-log.ts';
import type { DynamoClient } from '../adapters/dynamodb/wire.ts';
import { uuidv7Source } from '../adapters/runtime/uuidv7.ts';
import type { Clock, Random } from '../ports/runtime.ts';
import { type NoticeDeps, noticeBreakers } from '../services/notice.ts';

export const composeNotices = (
  dynamo: DynamoClient,
  table: string,
  clock: Clock,
  random: Random,
): NoticeDeps => ({
  events: new DynamoEventLog(dynamo, table, clock),
  ids: uuidv7Source(clock, random),
  clock,
});

export const composeBreakerNotices = (...deps: Parameters<typeof composeNotices>) =>
  noticeBreakers(composeNotices(...deps));
