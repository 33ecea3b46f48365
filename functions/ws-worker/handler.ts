/** SQS batch in, failed messages out: those come again. */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ServeDeps, serveAsk } from './serve-ask.ts';

export const makeHandler =
  (deps: ServeDeps) =>
  async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const results = await Promise.allSettled(
      event.Records.map(({ body }) => serveAsk(deps, body, () => context.getRemainingTimeInMillis())),
    );
    const failed = event.Records.filter((_, index) => results[index]?.status === 'rejected');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
