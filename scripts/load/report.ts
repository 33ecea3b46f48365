/** What was seen, and what of it has to hold. */
import type { Claim } from './books.ts';
import type { MemoryFigures } from './memory.ts';
import type { Thresholds } from './options.ts';
import type { PhaseFigures } from './tally.ts';

export interface PhaseReport extends PhaseFigures {
  readonly memory: MemoryFigures | undefined;
  readonly faults: readonly string[];
}

export interface Report {
  readonly rate: number;
  readonly workers: number | undefined;
  readonly phases: readonly PhaseReport[];
  readonly claims: readonly Claim[];
}

/** Of what was due, so much must have been dealt with: below that the gateway did not keep up. */
const LEAST_SHARE = 0.98;

const percent = (share: number): string => `${(100 * share).toFixed(3)} %`;

export const phaseClaims = (phase: PhaseReport, thresholds: Thresholds): Claim[] => {
  const { shape, due, answered, refused, failed, seconds, per_second, memory } = phase;
  const chaos = shape === 'chaos';
  const errors = due === 0 ? 1 : failed / due;
  const most = chaos ? thresholds.chaosErrors : thresholds.errors;
  const quick = (['p50', 'p95', 'p99'] as const).map((name) => ({
    claim: `${shape}: ${name} within ${thresholds[name]} ms`,
    holds: answered > 0 && phase[`${name}_ms`] <= thresholds[name],
    seen: `${phase[`${name}_ms`].toFixed(1)} ms`,
  }));
  return [
    ...(chaos ? [] : quick),
    { claim: `${shape}: no more than ${percent(most)} fail`, holds: errors <= most, seen: percent(errors) },
    {
      claim: `${shape}: as many are dealt with as are asked`,
      holds: chaos || (answered + refused) / seconds >= (LEAST_SHARE * due) / seconds,
      seen: `${per_second.toFixed(1)} of ${(due / seconds).toFixed(1)} a second`,
    },
    ...(memory === undefined || chaos
      ? []
      : [
          {
            claim: `${shape}: memory grows by no more than ${percent(thresholds.growth)}`,
            holds: memory.flat,
            seen: `${memory.early_mib.toFixed(0)} to ${memory.late_mib.toFixed(0)} MiB`,
          },
        ]),
  ];
};

export const reportText = ({ phases, claims }: Report): string => {
  const lines = phases.flatMap(
    ({ shape, seconds, answered, refused, failed, failures, faults, ...phase }) => [
      `${shape}, ${seconds.toFixed(0)} s: ${phase.per_second.toFixed(1)} a second; ${answered} answered, ${refused} refused, ${failed} failed`,
      `  ms: p50 ${phase.p50_ms.toFixed(1)}, p95 ${phase.p95_ms.toFixed(1)}, p99 ${phase.p99_ms.toFixed(1)}, most ${phase.max_ms.toFixed(1)}`,
      ...(failed > 0 ? [`  failed: ${JSON.stringify(failures)}`] : []),
      ...faults.map((name) => `  then ${name}`),
    ],
  );
  const held = claims.map(({ claim, holds, seen }) => `${holds ? 'held  ' : 'BROKEN'} ${claim} (${seen})`);
  return `${[...lines, '', ...held].join('\n')}\n`;
};
