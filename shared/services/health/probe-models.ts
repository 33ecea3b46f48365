/**
 * Asks models of which traffic says nothing: those whose breaker waits for a try, and those that nobody has called of late.
 * An ask is as small as can be and nobody's: no tenant is charged, nothing is observed.
 */
import { AppError } from '../../errors/app-error.ts';
import type { Adapter } from '../../model/adapter.ts';
import type { ModelRequest } from '../../model/completion.ts';
import type { ConfigStore } from '../../ports/config-store.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { Clock, IdSource } from '../../ports/runtime.ts';
import { faultOf } from '../answer/attempt.ts';
import { Deadline } from '../answer/deadline.ts';
import { isForKeyHolders } from '../routing/own-keys.ts';
import type { AdapterHealth } from './adapter-health.ts';

export interface ModelProberDeps {
  config: Pick<ConfigStore, 'listAdapters'>;
  health: AdapterHealth;
  chat: ModelClient;
  embeddings: ModelClient;
  clock: Clock;
  ids: IdSource;
  /** Milliseconds without a call after which a model is asked; Infinity for never. */
  idleMs: (adapter: Adapter) => number;
}

export interface ProbeReport {
  probed: number;
  failed: number;
  /** Breakers of enabled models that are not closed now. */
  open: number;
}

export const PROBE_TIMEOUT_MS = 10_000;
const LEASE_MS = PROBE_TIMEOUT_MS + 5_000;

type Probed = 'ok' | 'failed' | undefined;

export class ModelProber {
  readonly #deps: ModelProberDeps;

  constructor(deps: ModelProberDeps) {
    this.#deps = deps;
  }

  async probe(): Promise<ProbeReport> {
    const { config, health } = this.#deps;
    const [adapters] = await Promise.all([config.listAdapters(), health.read()]);
    const enabled = adapters.filter((adapter) => adapter.enabled && !isForKeyHolders(adapter));
    const results = await Promise.all(enabled.map((adapter) => this.#probeIfDue(adapter)));
    await health.flush();
    return {
      probed: results.filter((result) => result !== undefined).length,
      failed: results.filter((result) => result === 'failed').length,
      open: enabled.filter((adapter) => health.recordOf(adapter).open !== undefined).length,
    };
  }

  async #probeIfDue(adapter: Adapter): Promise<Probed> {
    const { health, clock, idleMs } = this.#deps;
    const passage = health.passageOf(adapter);
    if (passage === 'wait') return undefined;
    if (passage === 'probe')
      return (await health.claim(adapter, LEASE_MS)) ? this.#ask(adapter, true) : undefined;
    // One that has just been registered is given the same time to be called.
    const since = Math.max(health.recordOf(adapter).checked_at, Date.parse(adapter.updated_at));
    const isIdle = clock.now() - since >= idleMs(adapter);
    return isIdle ? this.#ask(adapter, false) : undefined;
  }

  async #ask(adapter: Adapter, probe: boolean): Promise<Probed> {
    const { chat, embeddings, health, ids } = this.#deps;
    const client = adapter.capabilities.includes('embeddings') ? embeddings : chat;
    const deadline = new Deadline(new AbortController().signal, PROBE_TIMEOUT_MS);
    const request = probeRequest(ids.uuidv7());
    try {
      for await (const _ of client.call(adapter, request, deadline.signal));
      // How long one token takes says nothing of how long an answer does.
      health.record(adapter, { result: 'ok', probe });
      return 'ok';
    } catch (error) {
      const fault = faultOf(error) ?? (deadline.signal.aborted ? 'timeout' : undefined);
      if (fault !== undefined) health.record(adapter, { result: 'failed', probe, error: fault });
      // A provider that refuses so small an ask is there; whatever else went wrong says nothing of it.
      else health.record(adapter, { result: isRefusal(error) ? 'ok' : 'neutral', probe });
      return fault === undefined ? 'ok' : 'failed';
    } finally {
      deadline.end();
    }
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && typeof error.extensions.upstream_status === 'number';

const probeRequest = (request_id: string): ModelRequest => ({
  request_id,
  chat: { messages: [{ role: 'user', content: 'ping' }] },
  max_tokens: 1,
  bounded: true,
  task_type: 'probe',
  stream: false,
  documents: false,
});
