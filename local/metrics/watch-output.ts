/**
 * Shows each line that goes to standard output to somebody else too, and passes the text on. A write that ends amid a line
 * waits for its rest. Libraries that write there get their callbacks.
 */
import type { Writable } from 'node:stream';

export const watchOutput = (
  output: Pick<Writable, 'write'>,
  take: (line: string) => void,
  pass: (text: string) => void,
): void => {
  const write = output.write.bind(output) as (...given: unknown[]) => boolean;
  let rest = '';
  output.write = ((...given: unknown[]): boolean => {
    const [chunk] = given;
    if (typeof chunk !== 'string') return write(...given);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
    pass(chunk);
    const done = given.at(-1);
    if (typeof done === 'function') process.nextTick(done, null);
    return true;
  }) as Writable['write'];
};
