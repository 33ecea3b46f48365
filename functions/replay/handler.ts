/** SQS batch in, failed messages out; what was stored before is no failure, so a message may come twice. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ObservationStore, SettledObservation } from '../../shared/ports/observation-store.ts';

export interface ReplayDeps {
  observations: ObservationStore;
  replayed: (count: number, failed: number) => void;
}

export const makeHandler =
  (deps: ReplayDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const results = await Promise.allSettled(
      event.Records.map(async ({ body }) =>
        deps.observations.commit([JSON.parse(body) as SettledObservation]),
      ),
    );
    const batchItemFailures = event.Records.filter((_, index) => results[index]?.status === 'rejected').map(
      ({ messageId }) => ({ itemIdentifier: messageId }),
    );
    deps.replayed(event.Records.length - batchItemFailures.length, batchItemFailures.length);
    return { batchItemFailures };
  };
