/** The model in a thread of its own. */
import type { PiiReader, PiiReading } from '../../../ports/pii-detector.ts';
import { openThread, serveInThread } from '../../thread/open-thread.ts';
import { openModel } from './open-model.ts';

interface Question {
  readonly texts: readonly string[];
  /** Milliseconds since the epoch: time spent waiting counts. */
  readonly until: number;
}

export interface ModelThread {
  reader: PiiReader;
  /** Resolves when the thread is gone. */
  ended: Promise<void>;
  /** Ends it; what is under way fails. */
  end(): Promise<void>;
}

const WHAT = 'the model';

/** Rejects where the model or its runtime cannot be opened. */
export const openModelThread = async (directory: string): Promise<ModelThread> => {
  const thread = await openThread<Question, PiiReading[]>(import.meta.url, WHAT, directory);
  const { calls, ended, end } = thread;
  const read = (texts: readonly string[], budgetMs: number): Promise<PiiReading[]> =>
    calls.call({ texts, until: Date.now() + budgetMs });
  return { reader: { read }, ended, end };
};

await serveInThread(WHAT, async (directory) => {
  const model = await openModel(directory, { now: () => Date.now() });
  return { version: model.version, answer: ({ texts, until }: Question) => model.read(texts, until) };
});
