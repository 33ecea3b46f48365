/**
 * The model in a thread of its own: onnxruntime-node computes on the thread that calls it, where others would wait. The thread
 * runs this very module, so that it is found wherever a bundle puts it.
 */
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { openModel } from './open-model.ts';
import { answerWith, type ReadMessage, RemoteReader, type ThreadMessage } from './thread-protocol.ts';

interface ThreadData {
  readonly piiModelDirectory: string;
}

export interface ModelThread {
  reader: RemoteReader;
  /** Resolves when the thread is gone. */
  ended: Promise<void>;
  /** Ends it; what is under way fails. */
  end(): Promise<void>;
}

/** Rejects where the model or its runtime cannot be opened. */
export const openModelThread = async (directory: string): Promise<ModelThread> => {
  const data: ThreadData = { piiModelDirectory: directory };
  const thread = new Worker(new URL(import.meta.url), { workerData: data });
  return new Promise((resolve, reject) => {
    let reader: RemoteReader | undefined;
    const ended = new Promise<void>((gone) => {
      thread.once('exit', () => {
        reader?.gone();
        reject(new Error('the model could not be opened'));
        gone();
      });
    });
    thread.on('error', (error) => reject(error));
    thread.on('message', (message: ThreadMessage) => {
      if ('version' in message) {
        const send = (asked: ReadMessage): void => {
          thread.ref();
          thread.postMessage(asked);
        };
        reader = new RemoteReader(message.version, send, () => Date.now());
        resolve({ reader, ended, end: async () => void (await thread.terminate()) });
      } else reader?.take(message);
      // Nobody stays up for an idle thread's sake.
      if (reader?.isIdle === true) thread.unref();
    });
  });
};

const serve = async (port: MessagePort, directory: string): Promise<void> => {
  const model = await openModel(directory, { now: () => Date.now() });
  const answer = answerWith(
    (texts, until) => model.read(texts, until),
    (message) => port.postMessage(message),
  );
  port.on('message', (asked: ReadMessage) => void answer(asked));
  port.postMessage({ version: model.version } satisfies ThreadMessage);
};

const isOurs = (data: unknown): data is ThreadData =>
  typeof data === 'object' && data !== null && 'piiModelDirectory' in data;

// In any other thread there is nobody to serve.
if (parentPort !== null && isOurs(workerData)) await serve(parentPort, workerData.piiModelDirectory);
