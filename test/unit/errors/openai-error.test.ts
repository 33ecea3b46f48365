import { describe, expect, it } from 'vitest';
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '../../../shared/errors/codes.ts';
import { toOpenAiError } from '../../../shared/errors/openai-error.ts';
import { vendorStatus } from '../../../shared/errors/vendor-error.ts';

describe('an error as OpenAI tells it', () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s has the four members and keeps its status', (code) => {
    const error = new AppError(code, 'What went wrong.');

    expect(toOpenAiError(error)).toEqual({
      error: { message: 'What went wrong.', type: expect.any(String), param: null, code: expect.any(String) },
    });
    expect(vendorStatus(error)).toBe(ERROR_CODES[code].status);
  });

  it.each([
    ['/messages/0/content/12/text', 'messages[0].content[12].text'],
    ['/headers/x-atp-max-cost-usd', 'x-atp-max-cost-usd'],
    ['/metadata/a~1b~0c', 'metadata.a/b~c'],
    ['', null],
  ])('names the field %s as %s', (path, param) => {
    const { error } = toOpenAiError(invalidField(path, 'must be a string'));

    expect(error.param).toBe(param);
    expect(error.message).toBe(param === null ? 'must be a string.' : `${param} must be a string.`);
  });

  it('says in its message what a problem says in members of its own', () => {
    const reasons = [{ id: 'a', reason: 'disabled' }];
    const extensions = { reasons, limit: 10, reset_at: '2026-01-05T12:00:00.000Z' };

    expect(toOpenAiError(new AppError('rate_limited', 'Enough.', { extensions })).error.message).toBe(
      'Enough. a: disabled. It is 10, and frees at 2026-01-05T12:00:00.000Z.',
    );
  });
});
