/** Work in a span of its own. Where nothing is traced it costs nothing. */
import { AppError } from '../errors/app-error.ts';
import type { Span } from '../ports/tracing.ts';

/** What may be told of an error. */
export const errorType = (error: unknown): string => {
  if (error instanceof AppError) return error.fault ?? error.code;
  return error instanceof Error ? error.name : 'error';
};

export const traced = <Result>(
  parent: Span | undefined,
  name: string,
  work: (span?: Span) => Promise<Result>,
): Promise<Result> => {
  if (parent === undefined) return work();
  const span = parent.child(name);
  const running = work(span);
  running.then(
    () => span.end(),
    (error: unknown) => span.end(errorType(error)),
  );
  return running;
};
