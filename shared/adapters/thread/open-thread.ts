/**
 * A module in a thread of its own: onnxruntime-node computes on the thread that calls it, where others would wait. The module
 * that opens the thread runs in it too, so that it is found wherever a bundle puts it.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type Answered, type Asked, answerInOrder, ThreadCalls } from './calls.ts';

export interface OpenThread<Question, Reply> {
  /** Of what is in it, by its own words. */
  version: string;
  calls: ThreadCalls<Question, Reply>;
  /** Resolves when the thread is gone. */
  ended: Promise<void>;
  /** Ends it; what is under way fails. */
  end(): Promise<void>;
}

export interface InThread<Question, Reply> {
  version: string;
  answer(question: Question): Promise<Reply>;
}

interface ThreadData {
  readonly what: string;
  readonly directory: string;
}

type FromThread<Reply> = { readonly version: string } | Answered<Reply>;

/** Rejects where what is in `directory` cannot be opened there. `what` names it in errors, and for `serveInThread`. */
export const openThread = <Question, Reply>(
  module: string,
  what: string,
  directory: string,
): Promise<OpenThread<Question, Reply>> => {
  const data: ThreadData = { what, directory };
  const thread = new Worker(new URL(module), { workerData: data });
  const calls = new ThreadCalls<Question, Reply>(what, (asked) => {
    thread.ref();
    thread.postMessage(asked);
  });
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((gone) => {
      thread.once('exit', () => {
        calls.gone();
        reject(new Error(`${what} could not be opened`));
        gone();
      });
    });
    thread.on('error', reject);
    thread.on('message', (message: FromThread<Reply>) => {
      if ('version' in message)
        resolve({ version: message.version, calls, ended, end: async () => void (await thread.terminate()) });
      else calls.take(message);
      // Nobody stays up for an idle thread's sake.
      if (calls.isIdle) thread.unref();
    });
  });
};

const isFor = (what: string, data: unknown): data is ThreadData =>
  typeof data === 'object' && data !== null && 'what' in data && data.what === what;

/** Serves in a thread that was opened for `what`; elsewhere there is nobody to serve. */
export const serveInThread = async <Question, Reply>(
  what: string,
  open: (directory: string) => Promise<InThread<Question, Reply>>,
): Promise<void> => {
  const port = parentPort;
  if (port === null || !isFor(what, workerData)) return;
  const { version, answer } = await open(workerData.directory);
  port.on(
    'message',
    answerInOrder(answer, (answered: Answered<Reply>) => port.postMessage(answered)) satisfies (
      asked: Asked<Question>,
    ) => void,
  );
  port.postMessage({ version } satisfies FromThread<Reply>);
};
