/** The Model Context Protocol, by its official client. */
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { askReply, observationsReply, planReply } from '../../../shared/model/replies.ts';
import { bearer, expectProblem, expectReply } from './client.ts';
import { type Setting, type Tenant, THREE_MODELS } from './setting.ts';

interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: unknown;
}

export const mcp = (setting: () => Setting): void => {
  describe('/mcp', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    const connected = async (headers: Record<string, string>): Promise<McpClient> => {
      const client = new McpClient({ name: 'flow', version: '1.0.0' });
      const url = new URL(`${setting().target.url}/mcp`);
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }) as Transport);
      return client;
    };

    const withClient = async (use: (client: McpClient, tenant: Tenant) => Promise<void>): Promise<void> => {
      const tenant = await setting().tenant();
      const client = await connected(bearer(tenant.key));
      try {
        await use(client, tenant);
      } finally {
        await client.close();
      }
    };

    const call = async (
      client: McpClient,
      name: string,
      given: Record<string, unknown>,
      options: object = {},
    ): Promise<ToolResult> =>
      (await client.callTool({ name, arguments: given }, undefined, options)) as unknown as ToolResult;

    test('lists the tools', () =>
      withClient(async (client) => {
        const { tools } = await client.listTools();
        expect(tools.map(({ name }) => name)).toEqual(['ask', 'plan', 'observe', 'list_models']);
      }));

    test('asks, scores the answer, and both stand in the observation', () =>
      withClient(async (client, { id }) => {
        const result = await call(client, 'ask', { prompt: 'Explain quantum computing', max_cost_usd: 0.05 });
        const reply = askReply.parse(result.structuredContent);
        expect(result.content).toEqual([{ type: 'text', text: reply.text }]);
        const { request_id } = reply;
        expect(
          (await call(client, 'observe', { request_id, quality_score: 0.25 })).structuredContent,
        ).toEqual({
          status: 'ok',
        });
        const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
        expect(expectReply(list, observationsReply)).toMatchObject([
          { request_id, model: reply.model_used, quality_score: 0.25 },
        ]);
      }));

    test('progress adds up to the text', () =>
      withClient(async (client) => {
        const pieces: string[] = [];
        const onprogress = ({ message }: { message?: string }): void => void pieces.push(message ?? '');
        const result = await call(client, 'ask', { prompt: 'Explain quantum computing' }, { onprogress });
        expect(pieces.join('')).toBe(askReply.parse(result.structuredContent).text);
      }));

    test('plans without calling a model, and lists the models', () =>
      withClient(async (client, { id }) => {
        const plan = await call(client, 'plan', { prompt: 'Explain quantum computing' });
        expect(planReply.parse(plan.structuredContent).candidates).toHaveLength(THREE_MODELS.length);
        const { structuredContent } = await call(client, 'list_models', {});
        const listed = structuredContent as { data: { id: string }[] };
        expect(listed.data.map((model) => model.id).sort()).toEqual(
          THREE_MODELS.map((model) => model.id).sort(),
        );
        const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
        expect(expectReply(list, observationsReply)).toEqual([]);
      }));

    test("what the API refuses is the tool's error, with the field's name", () =>
      withClient(async (client) => {
        const result = await call(client, 'ask', { prompt: '' });
        expect(result.isError).toBe(true);
        expect(JSON.parse(result.content[0]?.text ?? '')).toMatchObject({
          code: 'invalid_request',
          errors: [{ path: '/prompt' }],
        });
      }));

    test('a limit holds for tools as for everything else', async () => {
      const tenant = await setting().tenant({ rate_limit: { rpm: 1 } });
      const client = await connected(bearer(tenant.key));
      const first = await call(client, 'ask', { prompt: 'Hello' });
      const second = await call(client, 'ask', { prompt: 'Hello' });
      await client.close();
      expect([first.isError ?? false, second.isError]).toEqual([false, true]);
      expect(JSON.parse(second.content[0]?.text ?? '')).toMatchObject({
        code: 'rate_limited',
        window: 'minute',
      });
    });

    test('needs a key, and is no stream to be opened', async () => {
      const { admin } = setting();
      const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
      expectProblem(await admin.anonymous().post('/mcp', ping), 'unauthenticated');
      expectProblem(await admin.get('/mcp'), 'method_not_allowed');
    });

    test('a page of another origin may not call', async () => {
      const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
      expectProblem(
        await setting().admin.post('/mcp', ping, { origin: 'https://evil.example' }),
        'forbidden',
      );
    });
  });
};
