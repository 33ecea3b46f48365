/** What a table's stream does on AWS, a poll does at home: wakes `learn` for every policy. */
import type { LambdaFunction } from '../aws/lambda-function.ts';
import { type Periodic, startPeriodic } from '../periodic.ts';

export interface LearnPollOptions {
  learn: LambdaFunction;
  policies(): Promise<readonly string[]>;
  onError(error: unknown): void;
}

const EVERY_MS = 500;
const MOST_MS = 4_000;

export const startLearnPoll = ({ learn, policies, onError }: LearnPollOptions): Periodic =>
  startPeriodic({
    everyMs: EVERY_MS,
    mostMs: MOST_MS,
    onError,
    task: async () => {
      if (!learn.running) return;
      const event = JSON.stringify({ source: 'poll', policies: await policies() });
      const result = await learn.invoke(Buffer.from(event));
      if (result?.functionError !== undefined) throw new Error('learn failed');
    },
  });
