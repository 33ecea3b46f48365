import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { installAwslambda, isStreaming } from '../../../local/lambda/awslambda-global.ts';
import { collectResponse } from '../../../local/lambda/collect-response.ts';
import { InvocationContext } from '../../../local/lambda/invocation-context.ts';
import { ResponseStream } from '../../../local/lambda/response-stream.ts';

const context: Context = new InvocationContext(
  { functionName: 'f', memoryLimitInMB: '128' },
  'r-1',
  Infinity,
);

beforeAll(() => installAwslambda());

describe('awslambda', () => {
  it('marks a streaming handler, and leaves it callable', () => {
    const handler = async (): Promise<void> => undefined;

    const marked = awslambda.streamifyResponse(handler);

    expect([marked === handler, isStreaming(marked), isStreaming(async () => undefined)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("writes Lambda's own prelude to a stream that is not ours", () => {
    const written: (string | Uint8Array)[] = [];
    let type = '';
    const raw = Object.assign(new Writable(), {
      setContentType: (given: string) => {
        type = given;
      },
      _onBeforeFirstWrite: undefined as ((write: (chunk: string | Uint8Array) => void) => void) | undefined,
    });

    awslambda.HttpResponseStream.from(raw, { statusCode: 201 });
    raw._onBeforeFirstWrite?.((chunk) => written.push(chunk));

    expect(type).toBe('application/vnd.awslambda.http-integration-response');
    expect(written).toEqual(['{"statusCode":201}', new Uint8Array(8)]);
  });
});

describe('ResponseStream', () => {
  const record = () => {
    const calls: string[] = [];
    const stream = new ResponseStream({
      reply: (prelude, body) => calls.push(`reply ${prelude.statusCode} ${body}`),
      begin: (prelude, chunk) => calls.push(`begin ${prelude.statusCode} ${chunk}`),
      write: (chunk, done) => {
        calls.push(`write ${chunk}`);
        done();
      },
      end: () => calls.push('end'),
    });
    return { stream, calls };
  };

  it('sends what ends in the same turn as one reply', async () => {
    const { stream, calls } = record();
    stream.takePrelude({ statusCode: 200 });
    stream.write('');
    stream.write('a');
    stream.end('b');

    await turn();

    expect([calls, stream.begun]).toEqual([['reply 200 ab'], true]);
  });

  it('sends the head as soon as the handler pauses', async () => {
    const { stream, calls } = record();
    stream.takePrelude({ statusCode: 200 });
    stream.write('');
    await turn();
    stream.write('a');
    stream.write('');
    stream.end();

    await turn();

    expect(calls).toEqual(['begin 200 ', 'write a', 'end']);
  });

  it('fails where the handler gave no head', async () => {
    const { stream, calls } = record();
    const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
    stream.write('a');

    expect((await failed).message).toMatch(/without HttpResponseStream.from/);
    expect(calls).toEqual([]);
  });

  it('sends nothing after it was destroyed', async () => {
    const { stream, calls } = record();
    stream.takePrelude({ statusCode: 200 });
    stream.write('a');
    stream.destroy();

    await turn();

    expect(calls).toEqual([]);
  });
});

describe('collectResponse', () => {
  it('gathers head and chunks into one result', async () => {
    const result = await collectResponse(
      async (_event, raw) => {
        const stream = awslambda.HttpResponseStream.from(raw, {
          statusCode: 202,
          headers: { a: 'b' },
          multiValueHeaders: { c: ['d', 'e'] },
        });
        stream.write('one ');
        await turn();
        stream.write('two ');
        stream.end('three');
      },
      {},
      context,
    );

    expect(result).toEqual({
      statusCode: 202,
      headers: { a: 'b' },
      multiValueHeaders: { c: ['d', 'e'] },
      body: 'one two three',
      isBase64Encoded: false,
    });
  });

  it('fails with the handler', async () => {
    const failing = collectResponse(async () => Promise.reject(new Error('broken')), {}, context);

    await expect(failing).rejects.toThrow('broken');
  });
});

describe('InvocationContext', () => {
  it('counts down to its deadline and not beyond', () => {
    const late = new InvocationContext(
      { functionName: 'f', memoryLimitInMB: '128' },
      'r-1',
      performance.now() - 5,
    );
    const early = new InvocationContext(
      { functionName: 'f', memoryLimitInMB: '128' },
      'r-1',
      performance.now() + 5_000,
    );

    expect(late.getRemainingTimeInMillis()).toBe(0);
    expect(early.getRemainingTimeInMillis()).toBeGreaterThan(4_000);
  });
});
