import { describe, expect, it } from 'vitest';
import { AwsError, isPassing } from '../../../../shared/adapters/aws/aws-error.ts';

const nameOf = (headers: Record<string, unknown>, body: string): string =>
  AwsError.of(400, headers, body).name;

describe("an error's name", () => {
  it.each([
    ['com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', 'ConditionalCheckFailedException'],
    ['ThrottlingException', 'ThrottlingException'],
    ['ThrottlingException:http://internal.amazon.com/coral/com.amazon.coral.service/', 'ThrottlingException'],
    ['aws.protocoltests#FooError:http://internal.amazon.com/coral/#part', 'FooError'],
  ])('in the document, %s, is %s', (__type, name) => {
    expect(nameOf({}, JSON.stringify({ __type }))).toBe(name);
  });

  it('in the header comes before one in the document', () => {
    const headers = { 'x-amzn-errortype': 'ResourceNotFoundException:http://internal.amazon.com/' };

    expect(nameOf(headers, '{"__type":"Other"}')).toBe('ResourceNotFoundException');
  });

  it.each([
    ['no body', ''],
    ['a page of a proxy', '<html><body>Bad Gateway</body></html>'],
    ['a document that is cut', '{"__type":"Na'],
    ['null', 'null'],
    ['a text', '"ThrottlingException"'],
    ['a number', '7'],
    ['an object without a type', '{"message":"x"}'],
  ])('is its status where there is %s', (_, body) => {
    expect(AwsError.of(502, {}, body)).toMatchObject({ name: 'Http502', status: 502, message: 'Http502' });
  });
});

describe("an error's document", () => {
  it('is kept apart from its message', () => {
    const error = AwsError.of(400, {}, '{"__type":"x#Name","message":"quotes","Item":{"pk":{"S":"a"}}}');

    expect(error.message).toBe('Name');
    expect(error.fields.Item).toEqual({ pk: { S: 'a' } });
  });
});

describe('what may pass', () => {
  it.each<[unknown, boolean]>([
    [new AwsError('ConnectionError', 0), true],
    [new AwsError('TimeoutError', 0), true],
    [new AwsError('ThrottlingException', 400), true],
    [new AwsError('Http500', 500), true],
    [new AwsError('Whatever', 503), true],
    [new AwsError('ValidationException', 400), false],
    [new AwsError('TransactionCanceledException', 400), false],
    [new AwsError('Http404', 404), false],
    [new Error('ConnectionError'), false],
    ['ConnectionError', false],
  ])('%s: %s', (error, passing) => {
    expect(isPassing(error)).toBe(passing);
  });
});
