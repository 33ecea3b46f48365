/**
 * Rust first, TypeScript in the same request when Rust is switched off, failing, or held back by the breaker.
 * Requests in flight in one process share one call. Fails open: without any state both decide on the priors.
 */
import type { SelectorBackend } from '../../model/decision.ts';
import type { Flags } from '../../model/policy.ts';
import type { SelectRequest, SelectResult } from '../../model/selection.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import type { Selector } from '../../ports/selector.ts';
import { Batcher } from '../batcher.ts';
import type { SelectorBreaker } from './selector-breaker.ts';

export type FallbackReason = 'switched_off' | 'rollout' | 'breaker_open' | 'failed';

export interface SwitchedResult {
  result: SelectResult;
  backend: SelectorBackend;
  fallback?: FallbackReason;
  /** Milliseconds until there was a result, waiting for others and a failed try included. */
  tookMs: number;
}

export interface SelectorSwitchDeps {
  rust: Selector;
  typescript: Selector;
  breaker: SelectorBreaker;
  random: Random;
  clock: Clock;
}

type Decided = Omit<SwitchedResult, 'tookMs'>;

const MAX_BATCH = 256;

type SelectorFlags = Pick<Flags, 'selector'>;

export class SelectorSwitch {
  readonly #deps: SelectorSwitchDeps;
  readonly #rust: Batcher<SelectRequest, SelectResult | FallbackReason>;
  readonly #typescript: Batcher<SelectRequest, SelectResult>;

  constructor(deps: SelectorSwitchDeps) {
    this.#deps = deps;
    this.#rust = new Batcher((requests) => this.#askRust(requests), { maxBatch: MAX_BATCH, maxInFlight: 2 });
    this.#typescript = new Batcher((requests) => deps.typescript.select(requests), { maxBatch: MAX_BATCH });
  }

  async select(request: SelectRequest, flags: SelectorFlags): Promise<SwitchedResult> {
    const { clock } = this.#deps;
    const startedAt = clock.monotonic();
    const given = this.#heldBack(flags) ?? (await this.#rust.add(request));
    const decided: Decided =
      typeof given === 'string' ? await this.#fallBack(request, given) : { result: given, backend: 'rust' };
    return { ...decided, tookMs: clock.monotonic() - startedAt };
  }

  #heldBack(flags: SelectorFlags): FallbackReason | undefined {
    const { enabled, rust_percent } = flags.selector;
    if (!enabled) return 'switched_off';
    if (rust_percent < 100 && this.#deps.random.next() * 100 >= rust_percent) return 'rollout';
    return undefined;
  }

  async #fallBack(request: SelectRequest, fallback: FallbackReason): Promise<Decided> {
    return { result: await this.#typescript.add(request), backend: 'typescript', fallback };
  }

  /** A result for each request, or why Rust gave none. */
  async #askRust(requests: SelectRequest[]): Promise<readonly (SelectResult | FallbackReason)[]> {
    const { rust, breaker } = this.#deps;
    if (!breaker.tryAcquire()) return requests.map(() => 'breaker_open' as const);
    try {
      const results = await rust.select(requests);
      breaker.succeeded();
      return results;
    } catch {
      breaker.failed();
      return requests.map(() => 'failed' as const);
    }
  }
}
