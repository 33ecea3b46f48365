/** What runs beside the requests: learning from feedback, bringing dead letters back, and asking models how they are. */
import { makeHandler as makeReplay } from '../../functions/replay/handler.ts';
import type { EventBus } from '../../shared/ports/event-bus.ts';
import type { SecretStore } from '../../shared/ports/secret-store.ts';
import type { DeadLetterFile } from '../aws/dead-letter-file.ts';
import type { LambdaFunction } from '../aws/lambda-function.ts';
import { STAGE } from '../environment.ts';
import { EventPoll } from '../events/event-poll.ts';
import { type Periodic, startPeriodic } from '../periodic.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import { startLearnPoll } from '../rust/learn-poll.ts';
import { startProbes } from './probes.ts';
import type { Stores } from './stores.ts';

const REPLAY_EVERY_MS = 2_000;
const REPLAY_MOST_MS = 30_000;
const EVENTS_EVERY_MS = 2_000;
const POLICIES_FRESH_MS = 2_000;

export interface BackgroundOptions {
  stores: Stores;
  secrets: Pick<SecretStore, 'get'>;
  learn: LambdaFunction;
  deadLetters: DeadLetterFile;
  logs: LogDirectory;
  environment: Readonly<Record<string, string>>;
  /** Where events are told. */
  events: EventBus;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

export const startBackground = ({
  stores,
  secrets,
  learn,
  deadLetters,
  logs,
  environment,
  events: bus,
}: BackgroundOptions): Periodic => {
  const { config, clock, observations } = stores;
  let known: readonly string[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  const policies = async (): Promise<readonly string[]> => {
    if (clock.monotonic() - readAt > POLICIES_FRESH_MS) {
      known = [...(await config.snapshot()).policies.keys()];
      readAt = clock.monotonic();
    }
    return known;
  };
  const replay = makeReplay({
    observations,
    replayed: (count, failed) => logs.write('supervisor', 'INFO', 'Dead letters replayed', { count, failed }),
  });
  const told = new EventPoll({ ...stores, bus, stage: STAGE, now: () => clock.now() });
  const tasks = [
    startPeriodic({
      everyMs: EVENTS_EVERY_MS,
      mostMs: REPLAY_MOST_MS,
      task: () => told.turn(),
      onError: (error) => logs.write('supervisor', 'WARN', 'Events wait', { error: nameOf(error) }),
    }),
    startProbes({ stores, secrets, logs, environment }),
    startLearnPoll({
      learn,
      policies,
      onError: (error) =>
        logs.write('supervisor', 'WARN', 'The learner could not be run', { error: nameOf(error) }),
    }),
    startPeriodic({
      everyMs: REPLAY_EVERY_MS,
      mostMs: REPLAY_MOST_MS,
      task: async () => {
        await deadLetters.replay((bodies) => replayBatch(replay, bodies));
      },
      onError: (error) => logs.write('supervisor', 'WARN', 'Dead letters wait', { error: nameOf(error) }),
    }),
  ];
  return {
    stop: () => {
      for (const task of tasks) task.stop();
    },
  };
};

type Replay = ReturnType<typeof makeReplay>;

const replayBatch = async (replay: Replay, bodies: readonly string[]): Promise<ReadonlySet<number>> => {
  const Records = bodies.map((body, index) => ({
    messageId: String(index),
    receiptHandle: '',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:atp-dead-letters',
    awsRegion: 'us-east-1',
  }));
  const { batchItemFailures } = await replay({ Records });
  return new Set(batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)));
};
