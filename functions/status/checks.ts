import type { ConfigStore } from '../../shared/ports/config-store.ts';
import type { HealthStore } from '../../shared/ports/health-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { SecretStore } from '../../shared/ports/secret-store.ts';
import type { Selector } from '../../shared/ports/selector.ts';
import { healthOf } from '../../shared/services/health/standing.ts';
import { PEPPER_SECRET } from '../../shared/services/pepper.ts';
import type { OpenReader } from '../../shared/services/redact/guarded-reader.ts';
import type { Check } from './health.ts';

export const configCheck =
  (config: ConfigStore): Check =>
  async () => {
    await config.getFlags();
    return { status: 'healthy', message: 'the Config table answers' };
  };

export const secretsCheck =
  (secrets: SecretStore): Check =>
  async () =>
    (await secrets.get(PEPPER_SECRET)) === undefined
      ? { status: 'unhealthy', message: 'the pepper is missing' }
      : { status: 'healthy', message: 'the secret store answers' };

/** A stage that takes no new work is not to be sent any. */
export const drainCheck =
  (config: ConfigStore): Check =>
  async () => {
    const drain = await config.getDrain();
    return drain.enabled
      ? { status: 'unhealthy', message: `draining since ${drain.since}` }
      : { status: 'healthy', message: 'new work is taken' };
  };

/**
 * None of the registered models able to serve is unhealthy, under half degraded; none registered is a fresh start. One is
 * able while it is enabled and its breaker closed; where the models' health cannot be read, while it is enabled.
 */
export const modelsCheck =
  (config: ConfigStore, health: HealthStore, clock: Pick<Clock, 'now'>): Check =>
  async () => {
    const [adapters, records] = await Promise.all([config.listAdapters(), health.list().catch(() => [])]);
    if (adapters.length === 0) return { status: 'healthy', message: 'no model is registered yet' };
    const known = new Map(records.map((record) => [record.adapter, record]));
    const now = clock.now();
    const able = adapters.filter(
      (adapter) => adapter.enabled && healthOf(adapter, known.get(adapter.id), now).state !== 'unhealthy',
    ).length;
    const message = `${able} of ${adapters.length} models are enabled and healthy`;
    if (able === 0) return { status: 'unhealthy', message };
    return { status: able * 2 < adapters.length ? 'degraded' : 'healthy', message };
  };

/** The gateway serves without the Rust selector, so its loss is said but does not take the service out. */
export const selectorCheck =
  (rust: Selector): Check =>
  async () => {
    try {
      await rust.select([]);
      return { status: 'healthy', message: 'the Rust selector answers' };
    } catch {
      return { status: 'healthy', message: 'the Rust selector does not answer; TypeScript decides' };
    }
  };

/** Whether the model that finds names can be opened here, once for each instance: it is not kept. */
export const modelCheck = (open: OpenReader | undefined): Check => {
  if (open === undefined)
    return async () => ({
      status: 'healthy',
      message: 'there is no model here; patterns find personal data',
    });
  let tried: Promise<void> | undefined;
  return async () => {
    tried ??= open().then((opened) => opened.end());
    await tried.catch((error: unknown) => {
      tried = undefined;
      throw error;
    });
    return { status: 'healthy', message: 'the model that finds names can be loaded' };
  };
};
