import { describe, expect, it } from 'vitest';
import { type InvokerOptions, makeInvoker } from '../../../../shared/adapters/lambda/invoker.ts';
import { RustSelector } from '../../../../shared/adapters/lambda/rust-selector.ts';
import { type ServiceAnswer, servedClients } from '../../../support/fakes/aws-server.ts';
import { aSelectRequest } from '../../../support/fakes/documents.ts';

const served = servedClients();

/** Short only for who waits for it to end. */
const timeoutFor = (answer: ServiceAnswer): number => (answer === 'silence' ? 50 : 60_000);

const makeOne = (options: Partial<InvokerOptions> = {}) =>
  served.closing(makeInvoker({ ...served.connected(), ...options }));

describe('an invocation', () => {
  it('sends the payload as it is and gives back the answer as it is', async () => {
    served.server.answer = () => ({ body: '{"n": 1e-7}' });

    expect(await makeOne().invoke('select', '{"ü": 1.0}')).toBe('{"n": 1e-7}');

    expect(served.server.calls).toMatchObject([
      {
        method: 'POST',
        path: '/2015-03-31/functions/select/invocations',
        headers: { 'content-type': 'application/json' },
        body: '{"ü": 1.0}',
      },
    ]);
    expect(served.server.calls[0]?.headers.authorization).toContain('/eu-central-1/lambda/aws4_request');
  });

  it.each([
    [
      'arn:aws:lambda:eu-central-1:123456789012:function:select:live',
      'arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Aselect%3Alive',
    ],
    ['select:$LATEST', 'select%3A%24LATEST'],
    ['../2018-10-31/layers', '..%2F2018-10-31%2Flayers'],
  ])('of %s names it in one segment of the path', async (name, segment) => {
    await makeOne().invoke(name, '{}');

    expect(served.server.calls[0]?.path).toBe(`/2015-03-31/functions/${segment}/invocations`);
  });

  it('of a function that failed is an error, whatever it answers', async () => {
    served.server.answer = () => ({
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: '{"contract":1}',
    });

    await expect(makeOne().invoke('select', '{}')).rejects.toThrow('the function failed');
  });

  it.each<[string, ServiceAnswer, string]>([
    [
      'throttled',
      { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } },
      'TooManyRequestsException',
    ],
    [
      'not known',
      { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } },
      'ResourceNotFoundException',
    ],
    ['cut off', 'reset', 'ConnectionError'],
    ['silent', 'silence', 'TimeoutError'],
  ])('of a function that is %s fails at once', async (_, answer, name) => {
    served.server.answer = () => answer;

    await expect(makeOne({ timeoutMs: timeoutFor(answer) }).invoke('select', '{}')).rejects.toMatchObject({
      name,
    });

    expect(served.server.calls).toHaveLength(1);
  });
});

describe('the Rust selector over it', () => {
  const requests = [aSelectRequest('r1')];

  it.each<[string, ServiceAnswer, object]>([
    ['does not answer in time', 'silence', { name: 'TimeoutError' }],
    ['failed', { headers: { 'x-amz-function-error': 'Unhandled' } }, { message: 'the function failed' }],
    ['answers nothing', { body: '' }, { name: 'SyntaxError' }],
  ])('is unavailable where the function %s', async (_, answer, cause) => {
    served.server.answer = () => answer;
    const selector = new RustSelector({
      invoker: makeOne({ timeoutMs: timeoutFor(answer) }),
      functionName: 'select',
    });

    await expect(selector.select(requests)).rejects.toMatchObject({ code: 'unavailable', cause });
  });
});
