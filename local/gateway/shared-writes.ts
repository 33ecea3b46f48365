/**
 * Lines that functions write in one turn of the event loop leave in one write, since a write costs as much as making the
 * line. What a crash can take with it is that turn's lines.
 */
import type { Writable } from 'node:stream';

type Done = (error?: Error | null) => void;

/** Answers what writes at once, for the end of the process. */
export const shareWrites = (stream: Pick<Writable, 'write'>): (() => void) => {
  const write = stream.write.bind(stream) as (text: string) => boolean;
  let waiting = '';
  let callbacks: Done[] = [];
  let flushing: NodeJS.Immediate | undefined;
  const flush = (): void => {
    if (flushing !== undefined) clearImmediate(flushing);
    flushing = undefined;
    if (waiting === '') return;
    const [text, done] = [waiting, callbacks];
    waiting = '';
    callbacks = [];
    write(text);
    for (const callback of done) callback();
  };
  stream.write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
    waiting += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8');
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') callbacks.push(done as Done);
    flushing ??= setImmediate(flush);
    return true;
  };
  return flush;
};
