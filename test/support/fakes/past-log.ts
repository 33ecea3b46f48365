/** Scored observations of a logging policy whose propensities and outcomes are known, so that the truth is known too. */
import { uniform } from '../../../shared/adapters/providers/simulated/answer.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import { Happened } from './happened.ts';
import { ManualClock } from './manual-clock.ts';

export interface LogOptions {
  count: number;
  /** Each model's chance to be drawn. */
  propensities: Readonly<Record<string, number>>;
  /** The chance of a score of 1. */
  quality: (model: string, prompt: string) => number;
  prompts?: readonly string[];
  fields?: (index: number) => Partial<Observation>;
  seed?: number;
  clock?: ManualClock;
  costs?: Readonly<Record<string, number>>;
}

const PROMPTS = ['Explain quantum computing'];

/** A minute apart, the last one now. */
export const pastLog = (options: LogOptions): SettledObservation[] => {
  const { count, propensities, quality, prompts = PROMPTS, costs = {}, fields = () => ({}) } = options;
  const next = uniform(options.seed ?? 2);
  const happened = new Happened(options.clock ?? new ManualClock());
  return Array.from({ length: count }, (_, index) => {
    const prompt = prompts[Math.floor(next() * prompts.length)] ?? '';
    const model = draw(propensities, next());
    const scored = { quality_score: next() < quality(model, prompt) ? 1 : 0, cost_usd: costs[model] ?? 0 };
    const decided = {
      prompt,
      model,
      propensity: propensities[model] ?? 0,
      propensities: { ...propensities },
    };
    return happened.make({ ...decided, ...scored, ...fields(index) }, (count - 1 - index) * 60_000 + 1);
  });
};

const draw = (propensities: Readonly<Record<string, number>>, at: number): string => {
  let sum = 0;
  for (const [model, propensity] of Object.entries(propensities)) {
    sum += propensity;
    if (at < sum) return model;
  }
  throw new Error('the propensities do not add up to 1');
};
