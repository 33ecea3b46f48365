/** Observations that their table could not take, one message each, so that a replay fails or succeeds one by one. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AppError } from '../../errors/app-error.ts';
import type { DeadLetters, SettledObservation } from '../../ports/observation-store.ts';

const MAX_ENTRIES = 10;
/** Ten messages stay below the batch's limit of 256 KiB. */
const MAX_PROMPT = 4_096;

const bodyOf = ({ observation, settlement }: SettledObservation): string =>
  JSON.stringify({
    observation: { ...observation, prompt: observation.prompt.slice(0, MAX_PROMPT).toWellFormed() },
    settlement,
  });

export class SqsDeadLetters implements DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async put(batch: readonly SettledObservation[]): Promise<void> {
    for (let start = 0; start < batch.length; start += MAX_ENTRIES) {
      await this.#send(batch.slice(start, start + MAX_ENTRIES));
    }
  }

  async #send(batch: readonly SettledObservation[]): Promise<void> {
    const Entries = batch.map((settled, index) => ({ Id: String(index), MessageBody: bodyOf(settled) }));
    let failed: number;
    try {
      const result = await this.#client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
      );
      failed = result.Failed?.length ?? 0;
    } catch (cause) {
      throw new AppError('unavailable', 'The queue cannot answer at the moment.', { cause });
    }
    if (failed > 0) throw new AppError('unavailable', 'The queue did not take every message.');
  }
}
