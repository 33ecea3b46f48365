/** What the parts of the flow share: the target, an operator's client, tenants of their own, and models. */
import { randomBytes } from 'node:crypto';
import { adapterReply, adaptersReply, planReply } from '../../../shared/model/replies.ts';
import { bearer, Client, clientWithKey, expectReply } from './client.ts';
import { until } from './poll.ts';
import type { Target } from './target.ts';

/** Longer than the contract lets a change of models take to reach decisions: the machine may be busy. */
const DECIDED_WITHIN_MS = 60_000;

export interface Tenant {
  id: string;
  client: Client;
  key: string;
}

export interface ModelSpec {
  id: string;
  cost_per_1k?: number;
  quality?: number;
  [field: string]: unknown;
}

export const GPT_4 = { id: 'gpt-4', cost_per_1k: 0.03, quality: 0.9 };
export const CLAUDE_3 = { id: 'claude-3', cost_per_1k: 0.015, quality: 0.85 };
export const GPT_35 = { id: 'gpt-3.5', cost_per_1k: 0.002, quality: 0.7 };
export const THREE_MODELS: readonly ModelSpec[] = [GPT_4, CLAUDE_3, GPT_35];

export class Setting {
  readonly target: Target;
  readonly admin: Client;

  constructor(target: Target) {
    this.target = target;
    this.admin = new Client(target.url, bearer(target.adminKey));
  }

  unique(prefix: string): string {
    return `${prefix}-${randomBytes(5)
      .toString('hex')
      .replace(/[0-9]/g, (digit) => 'ghijklmnop'[Number(digit)] ?? 'g')}`;
  }

  /** A tenant nobody else has, with limits where `rate_limit` is given. */
  async tenant(quota?: {
    rate_limit?: Record<string, number>;
    tier?: string;
    burst_multiplier?: number;
  }): Promise<Tenant> {
    const id = this.unique('tenant');
    if (quota !== undefined) {
      const reply = await this.admin.post('/admin/quotas', { tenant_id: id, ...quota });
      if (reply.status !== 200) throw new Error(reply.text);
    }
    const { client, key } = await clientWithKey(this.admin, { tenant_id: id });
    return { id, client, key };
  }

  /** Makes these the only models, and waits until decisions know. */
  async useModels(models: readonly ModelSpec[]): Promise<void> {
    const wanted = new Set(models.map(({ id }) => id));
    for (const { id } of expectReply(await this.admin.get('/admin/adapters'), adaptersReply)) {
      if (!wanted.has(id)) await this.admin.delete(`/admin/adapters/${id}`);
    }
    for (const model of models) expectReply(await this.admin.post('/admin/adapters', model), adapterReply);
    const expected = models
      .map(({ id }) => id)
      .sort()
      .join();
    await until('decisions follow the models', DECIDED_WITHIN_MS, async () => {
      const reply = await this.admin.post('/v1/plan', { prompt: 'Which models are there?' });
      // When none may serve, the refusal names each.
      const refused = (JSON.parse(reply.text) as { reasons?: { id: string }[] }).reasons ?? [];
      const known = reply.status === 200 ? planReply.parse(JSON.parse(reply.text)).candidates : refused;
      return known
        .map(({ id }) => id)
        .sort()
        .join() === expected
        ? true
        : undefined;
    });
  }
}
