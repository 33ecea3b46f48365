/** The protocol's public conformance suite. It sends no key of its own, so a proxy on loopback adds one. */
import { execFile } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalTarget, openLocalTarget } from '../../support/flow/local-target.ts';

const SUITE = join(
  import.meta.dirname,
  '../../../node_modules/@modelcontextprotocol/conformance/dist/index.js',
);
/** The others are of sessions, and of tools, prompts and resources that only a server made for the suite has. */
const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'];

const addingKey = (url: string, key: string): Server =>
  createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${key}` };
    const onward = request(
      new URL(incoming.url ?? '/', url),
      { method: incoming.method, headers },
      (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });

describe('/mcp passes the public conformance suite', () => {
  let target: LocalTarget;
  let proxy: Server;

  beforeAll(async () => {
    target = await openLocalTarget();
    proxy = addingKey(target.url, target.tenantKey);
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
  });

  afterAll(async () => {
    proxy.close();
    proxy.closeAllConnections();
    await target.stop();
  });

  test.each(SCENARIOS)('%s', async (scenario) => {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mcp`;
    const args = [SUITE, 'server', '--url', url, '--scenario', scenario];

    const { stdout } = await promisify(execFile)(process.execPath, args);

    expect(stdout).toMatch(/Passed: [1-9]\d*\/\d+, 0 failed/);
  });
});
