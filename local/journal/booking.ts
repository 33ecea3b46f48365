/** Who books what the journal holds: the table, else the dead letters. */

import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeSqsClient } from '../../shared/adapters/queue/sqs-client.ts';
import { SqsDeadLetters } from '../../shared/adapters/queue/sqs-dead-letters.ts';
import { awsEnv } from '../../shared/config/env.ts';
import { Settler } from '../../shared/services/answer/settle.ts';
import { makeStores } from '../supervisor/stores.ts';
import { entryOf, Segments } from './segments.ts';

/** `environment` is the functions' own, its AWS part with it. */
export const makeBooking = (environment: Readonly<Record<string, string>>) => {
  const { observations, clock, random } = makeStores(environment);
  const aws = awsEnv.parse(environment);
  const queue = makeSqsClient({
    ...connections(aws, clock).account,
    queueUrl: environment.DEAD_LETTER_QUEUE_URL ?? '',
    endpoint: aws.AWS_ENDPOINT_URL,
    clock,
    random,
  });
  return {
    settler: new Settler(observations, new SqsDeadLetters(queue)),
    maxBatch: observations.maxBatch,
    clock,
    endpoint: aws.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  };
};

/** What a former run left, where no process of this one has a journal. Rejects where neither table nor dead letters take it. */
export const bookLeftovers = async (
  directory: string,
  { settler, maxBatch }: Pick<ReturnType<typeof makeBooking>, 'settler' | 'maxBatch'>,
): Promise<void> => {
  const segments = new Segments(directory);
  const entries = segments.leftovers.map(entryOf);
  for (let at = 0; at < entries.length; at += maxBatch) {
    const batch = entries.slice(at, at + maxBatch);
    await settler.commit(batch);
    segments.booked(batch.length);
  }
  segments.close();
};
