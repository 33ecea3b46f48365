/** What X-Ray's daemon is sent, by a process like a function's. */
import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

interface Segment {
  name: string;
  trace_id: string;
  parent_id: string;
  annotations?: Record<string, unknown>;
}

const SCRIPT = resolve(import.meta.dirname, '../../support/x-ray/traced-requests.ts');
const rootOf = (request: number): string => `1-5759e988-${String(request).padStart(24, '0')}`;

let daemon: Socket;
let sent: Segment[];

beforeEach(async () => {
  sent = [];
  daemon = createSocket('udp4').bind(0, '127.0.0.1');
  daemon.on('message', (message) => sent.push(JSON.parse(String(message).split('\n')[1] ?? '') as Segment));
  await once(daemon, 'listening');
});

afterEach(() => daemon.close());

/** A process that handles these requests, the first one as its first. */
const handled = async (...sampled: boolean[]): Promise<Segment[]> => {
  const headers = sampled.map(
    (isSampled, index) => `Root=${rootOf(index)};Parent=53995c3f42cd8ad8;Sampled=${isSampled ? 1 : 0}`,
  );
  await promisify(execFile)(process.execPath, [SCRIPT, ...headers], {
    env: {
      PATH: process.env.PATH,
      POWERTOOLS_TRACE_ENABLED: 'true',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_FUNCTION_NAME: 'traced',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: import.meta.dirname,
      _HANDLER: 'index.handler',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    },
  });
  const due = sampled.filter(Boolean).length;
  while (sent.length < due) await once(daemon, 'message');
  return sent;
};

it('is each request that is sampled, also where the tracer was opened late', async () => {
  const segments = await handled(false, true, true, false);

  expect(
    segments.map(({ name, trace_id, parent_id, annotations }) => [
      name,
      trace_id,
      parent_id,
      annotations?.ColdStart,
    ]),
  ).toEqual([
    ['## index.handler', rootOf(1), '53995c3f42cd8ad8', false],
    ['## index.handler', rootOf(2), '53995c3f42cd8ad8', false],
  ]);
});

it('says of the first request that it started the instance', async () => {
  const [first] = await handled(true);

  expect(first?.annotations).toMatchObject({ ColdStart: true });
});
