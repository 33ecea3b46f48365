/**
 * The installed encoder in a thread of its own: onnxruntime-node computes on the thread that calls it, where others would wait.
 * The thread runs this very module, so that it is found wherever a bundle puts it.
 */
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import type { PromptEncoder } from '../../ports/prompt-encoder.ts';
import { openInstalledEncoder } from './install-dir.ts';
import { isInstalled } from './is-installed.ts';
import { PROJECTION } from './projection.ts';
import { answerWith, type EncodeMessage, RemoteEncoder, type ThreadMessage } from './thread-protocol.ts';

interface ThreadData {
  readonly encoderDirectory: string;
}

/** Undefined where nothing is installed. Rejects where what is installed cannot be opened. */
export const openEncoderThread = async (directory: string): Promise<PromptEncoder | undefined> => {
  if (!isInstalled(directory)) return undefined;
  const data: ThreadData = { encoderDirectory: directory };
  const thread = new Worker(new URL(import.meta.url), { workerData: data });
  return new Promise((resolve, reject) => {
    let encoder: RemoteEncoder | undefined;
    thread.on('message', (message: ThreadMessage) => {
      if ('version' in message) {
        encoder = new RemoteEncoder(message.version, (asked) => {
          thread.ref();
          thread.postMessage(asked);
        });
        resolve(encoder);
      } else encoder?.take(message);
      // Nobody stays up for an idle thread's sake.
      if (encoder?.isIdle === true) thread.unref();
    });
    thread.once('error', reject);
    thread.once('exit', () => {
      encoder?.gone();
      reject(new Error('the encoder could not be opened'));
    });
  });
};

const serve = async (port: MessagePort, directory: string): Promise<void> => {
  const encoder = await openInstalledEncoder(directory, PROJECTION);
  if (encoder === undefined) throw new Error('the encoder went away');
  const answer = answerWith(encoder, (message) => port.postMessage(message));
  port.on('message', (asked: EncodeMessage) => void answer(asked));
  port.postMessage({ version: encoder.version } satisfies ThreadMessage);
};

const isOurs = (data: unknown): data is ThreadData =>
  typeof data === 'object' && data !== null && 'encoderDirectory' in data;

// In any other thread there is nobody to serve.
if (parentPort !== null && isOurs(workerData)) await serve(parentPort, workerData.encoderDirectory);
