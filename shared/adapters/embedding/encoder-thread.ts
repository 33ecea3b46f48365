/** The installed encoder in a thread of its own. */
import type { PromptEncoder } from '../../ports/prompt-encoder.ts';
import { openThread, serveInThread } from '../thread/open-thread.ts';
import { openInstalledEncoder } from './install-dir.ts';
import { isInstalled } from './is-installed.ts';
import { MAX_UNITS } from './minilm-encoder.ts';
import { PROJECTION } from './projection.ts';

const WHAT = 'the encoder';

/** Undefined where nothing is installed. Rejects where what is installed cannot be opened. */
export const openEncoderThread = async (directory: string): Promise<PromptEncoder | undefined> => {
  if (!isInstalled(directory)) return undefined;
  const { version, calls } = await openThread<string, readonly number[]>(import.meta.url, WHAT, directory);
  return { version, encode: (text) => calls.call(text.slice(0, MAX_UNITS)) };
};

await serveInThread(WHAT, async (directory) => {
  const encoder = await openInstalledEncoder(directory, PROJECTION);
  if (encoder === undefined) throw new Error('the encoder went away');
  return { version: encoder.version, answer: (text: string) => encoder.encode(text) };
});
