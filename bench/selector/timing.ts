/** How long calls took. */
import { quantile } from '../support/load.ts';

export interface Timing {
  readonly calls: number;
  readonly mean_ms: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

export interface Turn {
  /** Milliseconds that count. */
  readonly ms: number;
  /** Before them, others that do not: a tenth as many where nothing is said. */
  readonly warmUpMs?: number;
  readonly minCalls: number;
}

export async function timeCalls(
  call: () => unknown,
  { ms, minCalls, warmUpMs = ms / 10 }: Turn,
): Promise<Timing> {
  await repeat(call, warmUpMs, 1);
  const taken = Float64Array.from(await repeat(call, ms, minCalls)).sort();
  return {
    calls: taken.length,
    mean_ms: taken.reduce((sum, one) => sum + one, 0) / taken.length,
    p50_ms: quantile(taken, 0.5),
    p99_ms: quantile(taken, 0.99),
  };
}

async function repeat(call: () => unknown, ms: number, least: number): Promise<number[]> {
  const taken: number[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end || taken.length < least) {
    const started = performance.now();
    await call();
    taken.push(performance.now() - started);
  }
  return taken;
}
