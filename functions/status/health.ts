/** Health checks: each bounded in time, run together, and remembered briefly so that probes cannot hurt. */
import type { Clock } from '../../shared/ports/runtime.ts';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface CheckResult {
  status: HealthStatus;
  message: string;
  latency_ms: number;
}

export interface HealthReport {
  status: HealthStatus;
  checks: Record<string, CheckResult>;
}

/** Resolves with what it found; throws when what it checks is away. */
export type Check = () => Promise<{ status: HealthStatus; message: string }>;

/** Of a check. */
export const TIMEOUT_MS = 2_000;
const REMEMBERED_MS = 1_000;
const SEVERITY: Record<HealthStatus, number> = { healthy: 0, degraded: 1, unhealthy: 2 };

export class HealthChecks {
  readonly #checks: Readonly<Record<string, Check>>;
  readonly #clock: Clock;
  #last: { report: Promise<HealthReport>; at: number } | undefined;

  constructor(checks: Readonly<Record<string, Check>>, clock: Clock) {
    this.#checks = checks;
    this.#clock = clock;
  }

  report(): Promise<HealthReport> {
    const now = this.#clock.monotonic();
    if (this.#last === undefined || now - this.#last.at >= REMEMBERED_MS) {
      this.#last = { report: this.#run(), at: now };
    }
    return this.#last.report;
  }

  async #run(): Promise<HealthReport> {
    const entries = await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) => [name, await this.#one(check)] as const),
    );
    const worst = entries.reduce<HealthStatus>(
      (status, [, result]) => (SEVERITY[result.status] > SEVERITY[status] ? result.status : status),
      'healthy',
    );
    return { status: worst, checks: Object.fromEntries(entries) };
  }

  async #one(check: Check): Promise<CheckResult> {
    const started = this.#clock.monotonic();
    const stop = new AbortController();
    const tooLate = this.#clock
      .sleep(TIMEOUT_MS, stop.signal)
      .then(() => ({ status: 'unhealthy' as const, message: `no answer within ${TIMEOUT_MS} ms` }));
    tooLate.catch(() => undefined);
    try {
      const result = await Promise.race([check(), tooLate]);
      return { ...result, latency_ms: this.#elapsed(started) };
    } catch {
      return { status: 'unhealthy', message: 'cannot be reached', latency_ms: this.#elapsed(started) };
    } finally {
      stop.abort();
    }
  }

  #elapsed(started: number): number {
    return Math.round((this.#clock.monotonic() - started) * 100) / 100;
  }
}
