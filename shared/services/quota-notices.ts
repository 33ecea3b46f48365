/**
 * Tells the event log of tenants that run into a limit. Whoever does may do so a thousand times a second, so each process
 * tells of a tenant's window once a minute. It delays and changes no refusal but that one.
 */
import type { AppError } from '../errors/app-error.ts';
import { type NoticeDeps, notice } from './notice.ts';

const QUIET_MS = 60_000;
/** Tenants' windows that are remembered; beyond them the longest known are told of again. */
const MOST_KNOWN = 1_000;

export class QuotaNotices {
  readonly #deps: NoticeDeps;
  readonly #toldAt = new Map<string, number>();

  constructor(deps: NoticeDeps) {
    this.#deps = deps;
  }

  /** Nothing is told of an error of another kind. Never rejects. */
  async note(error: AppError, tenantId: string | undefined, requestId: string): Promise<void> {
    if (error.code !== 'rate_limited' && error.code !== 'budget_exhausted') return;
    const { window } = error.extensions;
    if (tenantId === undefined || typeof window !== 'string') return;
    const key = `${tenantId} ${window}`;
    const now = this.#deps.clock.now();
    if (now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#toldAt.delete(key);
    this.#toldAt.set(key, now);
    const [oldest] = this.#toldAt.keys();
    if (this.#toldAt.size > MOST_KNOWN && oldest !== undefined) this.#toldAt.delete(oldest);
    await notice(this.#deps, {
      type: 'quota.exceeded',
      subject: window,
      tenant_id: tenantId,
      request_id: requestId,
    });
  }
}
