/** The Model Context Protocol over `/ws`, by its official client. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { askReply, observationsReply, planReply } from '../../../../shared/model/replies.ts';
import { expectReply } from '../../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../../support/flow/local-target.ts';
import { connectMcpSocket } from '../../../support/flow/mcp-socket.ts';
import { Setting, type Tenant, THREE_MODELS } from '../../../support/flow/setting.ts';

interface ToolResult {
  isError?: boolean;
  structuredContent?: unknown;
}

describe('MCP over /ws', () => {
  let target: LocalTarget;
  let setting: Setting;
  let tenant: Tenant;
  let client: Client;

  beforeAll(async () => {
    target = await openLocalTarget();
    setting = new Setting(target);
    await setting.useModels(THREE_MODELS);
    tenant = await setting.tenant();
    client = await connectMcpSocket(target.runtime().ws_url, tenant.key);
  });

  afterAll(async () => {
    await client?.close();
    await target?.stop();
  });

  const call = async (
    name: string,
    given: Record<string, unknown>,
    options: object = {},
  ): Promise<ToolResult> =>
    (await client.callTool({ name, arguments: given }, undefined, options)) as unknown as ToolResult;

  test('the tools are listed, and the server answers a ping', async () => {
    const { tools } = await client.listTools();

    expect(tools.map(({ name }) => name)).toEqual(['ask', 'plan', 'observe', 'list_models']);
    expect(await client.ping()).toEqual({});
  });

  test('an ask is answered, its progress adds up to the text, and a score joins the observation', async () => {
    const pieces: string[] = [];
    const onprogress = ({ message }: { message?: string }): void => void pieces.push(message ?? '');
    const result = await call('ask', { prompt: 'Explain quantum computing' }, { onprogress });
    const { request_id, text } = askReply.parse(result.structuredContent);
    const scored = await call('observe', { request_id, quality_score: 0.25 });
    const list = await setting.admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);

    expect(pieces.join('')).toBe(text);
    expect(scored.structuredContent).toEqual({ status: 'ok' });
    expect(expectReply(list, observationsReply)).toMatchObject([{ request_id, quality_score: 0.25 }]);
  });

  test('several calls at once are each answered', async () => {
    const [plan, models, broken] = await Promise.all([
      call('plan', { prompt: 'Hi' }),
      call('list_models', {}),
      call('ask', { prompt: '' }),
    ]);

    expect(planReply.parse(plan?.structuredContent).candidates).toHaveLength(THREE_MODELS.length);
    expect(models?.structuredContent).toMatchObject({ data: THREE_MODELS.map(() => ({ object: 'model' })) });
    expect(broken?.isError).toBe(true);
  });

  test('a call that its client gives up on ends, and the connection lives on', async () => {
    const slow = { id: 'slow', cost_per_1k: 0.001, simulated: { latency_ms: 20_000, chunks: 40 } };
    await setting.useModels([slow]);
    // The socket's worker has a copy of its own of which models there are.
    await vi.waitFor(
      async () => {
        const { structuredContent } = await call('plan', { prompt: 'Hi' });
        expect(planReply.parse(structuredContent).candidates.map(({ id }) => id)).toEqual(['slow']);
      },
      { timeout: 60_000, interval: 200 },
    );
    const abort = new AbortController();
    const onprogress = (): void => abort.abort();
    const calling = call('ask', { prompt: 'Hi' }, { signal: abort.signal, onprogress });

    await expect(calling).rejects.toThrow();
    await vi.waitFor(
      async () => {
        const list = await setting.admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);
        expect(expectReply(list, observationsReply)).toMatchObject([{ model: 'slow', outcome: 'aborted' }]);
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(await client.ping()).toEqual({});
  });
});
