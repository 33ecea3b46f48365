/** One TransactWriteItems with the conflicts that DynamoDB asks to retry retried, full jitter, bounded. */
import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '../../errors/app-error.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { isNamed } from './unavailable.ts';

export interface TransactDeps {
  client: DynamoDBClient;
  clock: Clock;
  random: Random;
}

const MAX_ATTEMPTS = 6;
const BASE_DELAY_MS = 10;
/** Why DynamoDB cancels a transaction that may pass a moment later. */
const RETRYABLE = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Indexes of the items whose condition failed; nothing was written then. Empty when all was written. */
export const transact = async (deps: TransactDeps, items: TransactWriteItem[]): Promise<number[]> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await deps.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return [];
    } catch (cause) {
      const reasons = cause instanceof TransactionCanceledException ? (cause.CancellationReasons ?? []) : [];
      const failed = reasons.flatMap((reason, index) =>
        reason.Code === 'ConditionalCheckFailed' ? [index] : [],
      );
      if (failed.length > 0) return failed;
      const retryable =
        isNamed(cause, 'TransactionInProgressException') ||
        reasons.some((reason) => RETRYABLE.has(reason.Code ?? ''));
      if (!retryable || attempt === MAX_ATTEMPTS) {
        throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
      }
      await deps.clock.sleep(deps.random.next() * BASE_DELAY_MS * 2 ** attempt);
    }
  }
};
