/** Which functions run on managed instances where a stage wants them, and how large they are there. */
import type { StageOptions } from '../stage.ts';

export interface ManagedFunction {
  /** Execution environments that are always there, for each version. */
  fewest: number;
  /** Requests at once in one environment. */
  requestsAtOnce: number;
}

/** Lambda's least: 2 GB and one vCPU. */
export const MANAGED_MEMORY_MB = 2_048;
export const MANAGED_GIB_A_VCPU = 2;

/**
 * Those that wait for a provider, and whom they ask: the others are done within milliseconds, and an environment that always
 * runs would cost more than their invocations.
 */
export const MANAGED_FUNCTIONS: Readonly<Record<string, ManagedFunction>> = {
  // One in each availability zone, and one more.
  completions: { fewest: 3, requestsAtOnce: 64 },
  select: { fewest: 3, requestsAtOnce: 256 },
  mcp: { fewest: 2, requestsAtOnce: 64 },
  'ws-worker': { fewest: 2, requestsAtOnce: 64 },
};

/** Undefined for a function that stays on demand. */
export const managedFunction = (
  { compute }: Pick<StageOptions, 'compute'>,
  source: string,
): ManagedFunction | undefined =>
  compute === 'managed-instances' && Object.hasOwn(MANAGED_FUNCTIONS, source)
    ? MANAGED_FUNCTIONS[source]
    : undefined;
