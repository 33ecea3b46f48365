/** Who books what the journal holds: the table, else the dead letters. */
import { AwsError, isPassing } from '../../shared/adapters/aws/aws-error.ts';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeSqsClient } from '../../shared/adapters/queue/sqs-client.ts';
import { SqsDeadLetters } from '../../shared/adapters/queue/sqs-dead-letters.ts';
import { awsEnv } from '../../shared/config/env.ts';
import { makeStores } from '../supervisor/stores.ts';
import { Booker } from './booker.ts';
import { Segments } from './segments.ts';

/** What an item is refused for, it is refused for at any time; conflicts and a store that is away pass. */
const isRefusal = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof AwsError) || cause.name === 'TransactionCanceledException') return false;
  return cause.status >= 400 && !isPassing(cause);
};

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
  return { store: observations, deadLetters: new SqsDeadLetters(queue), isRefusal, clock };
};

/** What a former run left, where no process of this one has a journal; resolves when all is booked. */
export const bookLeftovers = async (
  directory: string,
  booking: ReturnType<typeof makeBooking>,
): Promise<void> => {
  const segments = new Segments(directory);
  const { leftovers } = segments;
  if (leftovers.length > 0) {
    let left = leftovers.length;
    await new Promise<void>((resolve) => {
      const booker = new Booker({
        ...booking,
        booked: (outcomes) => {
          segments.booked(outcomes.length);
          left -= outcomes.length;
          if (left === 0) resolve();
        },
      });
      booker.add(leftovers);
      booker.hurry();
    });
  }
  segments.close();
};
