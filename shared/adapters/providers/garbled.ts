import { AppError } from '../../errors/app-error.ts';

export const garbled = (cause?: unknown, wanted = 'a completion'): AppError =>
  new AppError('upstream_error', `The model answered something that is not ${wanted}.`, {
    fault: 'garbled',
    cause,
  });

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw garbled(cause);
  }
};
