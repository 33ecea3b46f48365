/** How long a function's module took to load, told by the process itself: its host sees only when it asks for work. */
import { writeSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** A pipe to the host. */
export const REPORT_DESCRIPTOR = 3;

export const reportLoaded = (descriptor: number, milliseconds: number): void => {
  writeSync(descriptor, `${milliseconds}\n`);
};

/** Rejects where the process ends without a word. */
export const readLoaded = (pipe: Readable): Promise<number> =>
  new Promise((resolve, reject) => {
    let text = '';
    pipe.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(Number(text.trim()));
    });
    pipe.on('error', reject).on('end', () => reject(new Error('the function was not loaded')));
  });
