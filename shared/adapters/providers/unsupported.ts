import { AppError } from '../../errors/app-error.ts';

/** What a provider has no counterpart of, and would not do if it were left out. Another model may serve it. */
export const unsupported = (path: string, message: string): AppError =>
  new AppError('upstream_error', "The model's provider cannot do what is asked of it.", {
    retryable: false,
    errors: [{ path, message }],
    extensions: { upstream_status: 400 },
  });
