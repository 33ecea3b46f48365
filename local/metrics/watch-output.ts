/** Shows each line that goes to standard output to somebody else too. A write that ends amid a line waits for its rest. */
import type { Writable } from 'node:stream';

export const watchOutput = (output: Pick<Writable, 'write'>, take: (line: string) => void): void => {
  const write = output.write.bind(output) as (...given: unknown[]) => boolean;
  let rest = '';
  output.write = ((...given: unknown[]): boolean => {
    const [chunk] = given;
    if (typeof chunk === 'string') {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    }
    return write(...given);
  }) as Writable['write'];
};
