/** Resident memory of the processes that serve; on Linux, where /proc tells it. */
import { readFileSync } from 'node:fs';

const KIB = 1_024;
const MIB = KIB * KIB;
/** Below that, a garbage collector that has not run yet looks like growth. */
const LEAST_SAMPLES = 50;

export interface MemoryFigures {
  /** Medians of the second and of the last quarter of the phase. */
  readonly early_mib: number;
  readonly late_mib: number;
  readonly flat: boolean;
}

const residentBytes = (pid: number): number => {
  try {
    const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) * KIB;
  } catch {
    return 0;
  }
};

export const residentOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + residentBytes(pid), 0);

const medianOf = (samples: readonly number[]): number =>
  [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;

/** Of one sample a second; undefined where those are too few to judge by. */
export const memoryFigures = (samples: readonly number[], growth: number): MemoryFigures | undefined => {
  if (samples.length < LEAST_SAMPLES || samples.includes(0)) return undefined;
  const quarter = Math.floor(samples.length / 4);
  const early = medianOf(samples.slice(quarter, 2 * quarter));
  const late = medianOf(samples.slice(-quarter));
  return {
    early_mib: early / MIB,
    late_mib: late / MIB,
    flat: late <= early * (1 + growth),
  };
};
