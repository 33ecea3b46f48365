/** Observations that their table could not take, one message each, so that a replay fails or succeeds one by one. */
import { AppError } from '../../errors/app-error.ts';
import { asStored } from '../../model/observation.ts';
import type { DeadLetters, SettledObservation } from '../../ports/observation-store.ts';
import type { BatchEntry, QueueClient } from './sqs-client.ts';

/** SQS takes so much in one call, over all its messages. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1_024;
const ATTEMPTS = 3;

/** The two characters that JSON lets through and SQS refuses. */
const NONCHARACTERS = /[\uFFFE\uFFFF]/g;

const bodyOf = ({ observation, settlement }: SettledObservation): string =>
  JSON.stringify({ observation: asStored(observation), settlement }).replace(
    NONCHARACTERS,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );

export class SqsDeadLetters implements DeadLetters {
  readonly #client: QueueClient;

  constructor(client: QueueClient) {
    this.#client = client;
  }

  async put(batch: readonly SettledObservation[]): Promise<void> {
    for (const entries of calls(batch.map(bodyOf))) await this.#send(entries);
  }

  async #send(entries: readonly BatchEntry[]): Promise<void> {
    let waiting = entries;
    for (let attempt = 1; waiting.length > 0; attempt++) {
      const refused = await this.#refused(waiting);
      waiting = waiting.filter(({ Id }) => refused.has(Id));
      if (waiting.length > 0 && attempt === ATTEMPTS) {
        throw new AppError('unavailable', 'The queue did not take every message.');
      }
    }
  }

  /** Ids of the messages that the queue did not take. */
  async #refused(Entries: readonly BatchEntry[]): Promise<Set<string>> {
    try {
      const { Failed = [] } = await this.#client.call('SendMessageBatch', { Entries });
      return new Set(Failed.map(({ Id }) => Id));
    } catch (cause) {
      throw new AppError('unavailable', 'The queue cannot answer at the moment.', { cause });
    }
  }
}

/** Packs the messages into as few calls as their number and size allow. */
const calls = (bodies: readonly string[]): BatchEntry[][] => {
  const packed: BatchEntry[][] = [];
  let bytes = 0;
  for (const [index, body] of bodies.entries()) {
    const size = Buffer.byteLength(body);
    const entry = { Id: String(index), MessageBody: body };
    const current = packed.at(-1);
    if (current !== undefined && current.length < MAX_ENTRIES && bytes + size <= MAX_BYTES) {
      current.push(entry);
      bytes += size;
    } else {
      packed.push([entry]);
      bytes = size;
    }
  }
  return packed;
};
