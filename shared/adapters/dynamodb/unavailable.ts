import { AppError } from '../../errors/app-error.ts';

/** Runs a call to the store; whatever goes wrong there becomes `unavailable`, with the cause kept for the log. */
export const answering = async <Result>(call: Promise<Result>): Promise<Result> => {
  try {
    return await call;
  } catch (cause) {
    throw new AppError('unavailable', 'The store cannot answer at the moment.', { cause });
  }
};

export const isNamed = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;
