/**
 * Writes down who was refused. Anybody can be refused any number of times, so what that makes us write is bounded: in each
 * process a chain takes ten refusals a minute one by one, and the rest of the minute as counts, at most twenty entries. It never
 * changes a refusal: where the log is away the counts wait for it, in memory.
 */

import type { AppError } from '../../errors/app-error.ts';
import type { AuditActor } from '../../model/audit.ts';
import type { Principal } from '../../model/tenant.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import type { AuditLog, NewEvent } from './audit-log.ts';
import { tenantChain } from './chain.ts';
import { fitName } from './fit-to-keep.ts';

export interface Denial {
  outcome: 'unauthenticated' | 'forbidden';
  /** `POST /v1/ask`. */
  action: string;
  status: number;
  request_id?: string;
  /** Who it was, where that is known. */
  actor?: AuditActor;
}

export interface Denials {
  /** Resolves when it is written down, counted, or has waited long enough. Never rejects. */
  note(denial: Denial): Promise<void>;
}

/** What is known of a request that was refused. */
export interface Refused {
  requestId: string;
  /** Ours, where the caller's own may not be kept. */
  id: string;
  route?: { method: string; resource: string };
  principal?: Principal;
}

/** Undefined for an error that refuses nobody. */
export const denialOf = (
  { code, status }: AppError,
  { requestId, id, route, principal }: Refused,
): Denial | undefined => {
  if (code !== 'unauthenticated' && code !== 'forbidden') return undefined;
  return {
    outcome: code,
    status,
    action: route === undefined ? 'WS $connect' : `${route.method} ${route.resource}`,
    request_id: fitName(requestId, () => false) ?? id,
    ...(principal === undefined ? {} : { actor: actorOf(principal) }),
  };
};

export const actorOf = ({ key_id, home_tenant_id, roles }: Principal): AuditActor => ({
  key_id,
  tenant_id: home_tenant_id,
  roles,
});

interface Counted {
  denial: Denial;
  count: number;
  firstAt: number;
}

interface Window {
  endsAt: number;
  written: number;
  counted: Map<string, Counted>;
}

export interface DenialTrailDeps {
  log: Pick<AuditLog, 'append'>;
  clock: Clock;
  random: Random;
  /** Refusals that wait, as the log could not take them. */
  waiting: (count: number) => void;
}

const WINDOW_MS = 60_000;
const ONE_BY_ONE = 10;
const MOST_GROUPS = 20;
const PATIENCE_MS = 500;
/** Before what could not be written is tried again. */
const LEAST_WAIT_MS = 10_000;
/** Chains of refusals by nobody: each process writes to one, so that no single one takes them all. */
const NOBODYS_CHAINS = 8;
const MOST_CHAINS = 1_000;

export class DenialTrail implements Denials {
  readonly #deps: DenialTrailDeps;
  readonly #nobody: string;
  readonly #windows = new Map<string, Window>();

  constructor(deps: DenialTrailDeps) {
    this.#deps = deps;
    this.#nobody = `nobody#${Math.floor(deps.random.next() * NOBODYS_CHAINS)}`;
  }

  async note(denial: Denial): Promise<void> {
    const { clock } = this.#deps;
    const chain = this.#chainOf(denial);
    const window = this.#window(chain);
    if (window.written >= ONE_BY_ONE) {
      this.#count(chain, window, { denial, count: 1, firstAt: clock.now() });
      return;
    }
    window.written += 1;
    const at = clock.now();
    const writing = this.#append(chain, denial, {}).catch(() => {
      this.#deps.waiting(1);
      this.#count(chain, window, { denial, count: 1, firstAt: at });
    });
    const patience = new AbortController();
    await Promise.race([writing, clock.sleep(PATIENCE_MS, patience.signal).catch(() => undefined)]);
    patience.abort();
  }

  /** Of the caller's own tenant, where there is one. */
  #chainOf({ actor }: Denial): string {
    if (actor === undefined) return this.#nobody;
    const chain = tenantChain(actor.tenant_id);
    if (this.#windows.has(chain) || this.#windows.size < MOST_CHAINS) return chain;
    this.#forgetEnded();
    return this.#windows.size < MOST_CHAINS ? chain : this.#nobody;
  }

  #window(chain: string): Window {
    const now = this.#deps.clock.now();
    const known = this.#windows.get(chain);
    if (known !== undefined && now < known.endsAt) return known;
    const window = { endsAt: now + WINDOW_MS, written: 0, counted: known?.counted ?? new Map() };
    this.#windows.set(chain, window);
    if (window.counted.size > 0) void this.#flush(chain, window);
    return window;
  }

  #count(chain: string, window: Window, { denial, count, firstAt }: Counted): void {
    const { counted } = window;
    if (counted.size === 0) void this.#flushLater(chain, window);
    const key = keyOf(denial);
    const group = counted.has(key) || counted.size < MOST_GROUPS - 1 ? key : `${denial.outcome} *`;
    const known = counted.get(group);
    if (known === undefined) {
      const { request_id: _, ...alike } = denial;
      counted.set(group, { denial: group === key ? alike : anyOf(denial), count, firstAt });
    } else {
      known.count += count;
      known.firstAt = Math.min(known.firstAt, firstAt);
    }
  }

  async #flushLater(chain: string, window: Window): Promise<void> {
    const { clock } = this.#deps;
    await clock.sleep(Math.max(LEAST_WAIT_MS, window.endsAt - clock.now()));
    const current = this.#windows.get(chain);
    if (current !== undefined) await this.#flush(chain, current);
  }

  /** What cannot be written goes back among what is counted. */
  async #flush(chain: string, window: Window): Promise<void> {
    const groups = [...window.counted.values()];
    window.counted.clear();
    const writing = groups.map(async (group) => {
      const { denial, count, firstAt } = group;
      try {
        await this.#append(chain, denial, { count, first_at: new Date(firstAt).toISOString() });
      } catch {
        this.#deps.waiting(count);
        this.#count(chain, this.#windows.get(chain) ?? window, group);
      }
    });
    await Promise.all(writing);
  }

  #append(chain: string, { actor, ...denial }: Denial, more: Partial<NewEvent>): Promise<string> {
    const tenant = actor === undefined ? {} : { actor, tenant_id: actor.tenant_id };
    return this.#deps.log.append(chain, { kind: 'denied', ...denial, ...tenant, ...more });
  }

  #forgetEnded(): void {
    const now = this.#deps.clock.now();
    for (const [chain, { endsAt, counted }] of this.#windows)
      if (endsAt <= now && counted.size === 0) this.#windows.delete(chain);
  }
}

const keyOf = ({ outcome, action, actor }: Denial): string => `${outcome} ${action} ${actor?.key_id ?? ''}`;

/** What is left of refusals that have nothing else in common. */
const anyOf = ({ outcome, status }: Denial): Denial => ({ outcome, status, action: '*' });
