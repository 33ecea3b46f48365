/** The few calls that the demo makes, as any caller would make them. */
import { z } from 'zod';
import { DemoError } from './demo-error.ts';
import type { Gateway } from './gateway.ts';
import { likeness } from './records.ts';

/** A tenant of its own, so that nobody's limits or budget are touched. */
const TENANT = 'demo';
const NO_LIMITS = { rps: 1_000, rpm: 60_000, rph: 1_000_000, concurrent: 100 };
/** Nobody has measured any of the models yet. */
const UNKNOWN_QUALITY = 0.5;

const adapters = z.array(z.object({ id: z.string(), enabled: z.boolean() }));
const answer = z.object({ request_id: z.string(), model_used: z.string(), selector: z.string() });

export class DemoClient {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Throws DemoError where there are other models: prompts might go to one that costs money. */
  async register(models: readonly string[], { latency }: { latency: boolean }): Promise<void> {
    const present = adapters.parse(await this.#call('GET', '/admin/adapters'));
    const foreign = present.find(({ id, enabled }) => enabled && !models.includes(id));
    if (foreign !== undefined) {
      throw new DemoError(
        `The router has a model that is not the demo's (${foreign.id}), which might cost money. Start one with: npm start -- --empty`,
      );
    }
    for (const id of models) {
      const { perMtok, latencyMs } = likeness(id);
      const latency_ms = latency ? latencyMs : 0;
      await this.#call('POST', '/admin/adapters', {
        ...{ id, provider: 'simulated', quality: UNKNOWN_QUALITY, latency_ms: latencyMs },
        price: { input_per_mtok: perMtok, output_per_mtok: perMtok },
        simulated: { latency_ms, jitter: 0.3 },
      });
    }
    await this.#call('POST', '/admin/quotas', {
      tenant_id: TENANT,
      tier: 'enterprise',
      rate_limit: NO_LIMITS,
    });
    await this.#settled(models);
  }

  async unregister(models: readonly string[]): Promise<void> {
    for (const id of models) await this.#call('DELETE', `/admin/adapters/${id}`);
  }

  async ask(prompt: string): Promise<z.output<typeof answer>> {
    return answer.parse(await this.#call('POST', '/v1/ask', { prompt }));
  }

  async observe(requestId: string, score: number): Promise<void> {
    await this.#call('POST', '/v1/observe', { request_id: requestId, quality_score: score });
  }

  /** New models count within seconds; until all of them do, nothing is sent. */
  async #settled(models: readonly string[]): Promise<void> {
    const plan = z.object({ candidates: z.array(z.object({ id: z.string(), eligible: z.boolean() })) });
    const end = performance.now() + 10_000;
    for (;;) {
      const { candidates } = plan.parse(await this.#call('POST', '/v1/plan', { prompt: 'Hello' }));
      const eligible = new Set(candidates.filter((one) => one.eligible).map(({ id }) => id));
      if (models.every((id) => eligible.has(id))) return;
      if (performance.now() > end) throw new DemoError('The router does not take up the demo models.');
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { url, key } = this.#gateway;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-tenant-id': TENANT,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new DemoError(`No router answers at ${url}.`, { cause: error });
    });
    if (response.status === 204) return undefined;
    const reply: unknown = await response.json().catch(() => undefined);
    if (response.ok) return reply;
    const { data } = z.object({ code: z.string(), detail: z.string() }).safeParse(reply);
    throw new DemoError(
      `${method} ${path} was refused with ${response.status}${data === undefined ? '' : `: ${data.detail}`}`,
    );
  }
}
