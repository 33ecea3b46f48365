/** What every function that calls models tells of their breakers. */
import { DynamoEventLog } from '../adapters/dynamodb/event-log.ts';
import type { DynamoClient } from '../adapters/dynamodb/wire.ts';
import { uuidv7Source } from '../adapters/runtime/uuidv7.ts';
import type { Clock, Random } from '../ports/runtime.ts';
import { noticeBreakers } from '../services/notice.ts';

export const composeBreakerNotices = (dynamo: DynamoClient, table: string, clock: Clock, random: Random) =>
  noticeBreakers({
    events: new DynamoEventLog(dynamo, table, clock),
    ids: uuidv7Source(clock, random),
    clock,
  });
