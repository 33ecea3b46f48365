/**
 * One TransactWriteItems with the conflicts that DynamoDB asks to retry retried, full jitter, bounded. Its items must have
 * conditions that fail once they are written: where a reply is lost on the way the client sends the same again, and a request
 * token, which would make that harmless too, costs the local store a fifth more.
 */
import { AppError } from '../../errors/app-error.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsError } from '../aws/aws-error.ts';
import { isNamed } from './unavailable.ts';
import type { DynamoClient, TransactWriteItem } from './wire.ts';

export interface TransactDeps {
  client: DynamoClient;
  clock: Clock;
  random: Random;
}

const MAX_ATTEMPTS = 6;
const BASE_DELAY_MS = 10;
/** Why DynamoDB cancels a transaction that may pass a moment later. */
const RETRYABLE = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

interface Reason {
  Code?: string;
}

const reasonsOf = (error: unknown): readonly Reason[] => {
  if (!(error instanceof AwsError) || error.name !== 'TransactionCanceledException') return [];
  const { CancellationReasons } = error.fields;
  return Array.isArray(CancellationReasons) ? (CancellationReasons as Reason[]) : [];
};

/** Why each of a cancelled transaction's items was not written; empty for any other error. */
export const cancellationCodes = (error: unknown): string[] =>
  reasonsOf(error).map(({ Code = 'None' }) => Code);

/** Indexes of the items whose condition failed; nothing was written then. Empty when all was written. */
export const transact = async (deps: TransactDeps, items: TransactWriteItem[]): Promise<number[]> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await deps.client.call('TransactWriteItems', { TransactItems: items });
      return [];
    } catch (cause) {
      const reasons = reasonsOf(cause);
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
