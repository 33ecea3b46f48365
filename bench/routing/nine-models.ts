/** The set of nine models, and how a replay of it begins: with nothing known, or calibrated on a few prompts. */
import { Sfc32 } from '../../shared/services/selection/random.ts';
import { mean, type Outcomes, readOutcomes, thin } from './outcomes.ts';
import { permutation, pick } from './shuffle.ts';
import { sourcesOf } from './sources.ts';
import type { Arm, StrategyMaker } from './strategies/strategy.ts';

export const CALIBRATION_PROMPTS = 200;

export function readNineModels({ directory, quick }: { directory: string; quick: boolean }): Outcomes {
  const { models, prompts } = readOutcomes(directory, ['llmrouter-9models-train', 'llmrouter-9models-test']);
  const sources = sourcesOf(prompts.length);
  const named = prompts.map((prompt, at) => {
    const source = sources?.[at];
    return source === undefined ? prompt : { ...prompt, source };
  });
  const outcomes = { models, prompts: named };
  return quick ? thin(outcomes) : outcomes;
}

/** Whether it is known which benchmark each prompt is from. */
export const hasSources = ({ prompts }: Outcomes): boolean =>
  prompts.every(({ source }) => source !== undefined);

export interface Beginning {
  /** What is replayed; the calibration prompts are never among it. */
  readonly outcomes: Outcomes;
  readonly contexts: readonly Float64Array[];
  readonly arms: readonly Arm[];
  /** The strategy, taught the calibration prompts where the beginning is calibrated. */
  prepare(maker: StrategyMaker): StrategyMaker;
}

/** `costWeight` is what the dearest model's mean price takes off its quality, and a cheaper one's in proportion. */
export function beginning(
  outcomes: Outcomes,
  contexts: readonly Float64Array[],
  seed: number,
  { calibrated, costWeight = 0 }: { calibrated: boolean; costWeight?: number },
): Beginning {
  const order = permutation(outcomes.prompts.length, new Sfc32(seed + 0x10000));
  const known = order.slice(0, CALIBRATION_PROMPTS);
  const replayed = order.slice(CALIBRATION_PROMPTS);
  const prompts = pick(outcomes.prompts, known);
  const costs = outcomes.models.map((_, arm) => mean(prompts.map((prompt) => prompt.costs[arm] ?? 0)));
  const dearest = Math.max(...costs);
  return {
    outcomes: {
      models: outcomes.models,
      prompts: pick(outcomes.prompts, replayed),
    },
    contexts: pick(contexts, replayed),
    arms: outcomes.models.map((id, arm) => ({
      id,
      prior: calibrated ? mean(prompts.map((prompt) => prompt.scores[arm] ?? 0)) : 0.5,
      offset: (-costWeight * (costs[arm] ?? 0)) / dearest,
    })),
    prepare: (maker) => (calibrated ? taught(maker, known, outcomes, contexts) : maker),
  };
}

const taught = (
  maker: StrategyMaker,
  known: readonly number[],
  { prompts }: Outcomes,
  contexts: readonly Float64Array[],
): StrategyMaker => ({
  ...maker,
  make: (arms, size) => {
    const strategy = maker.make(arms, size);
    for (const at of known) {
      const { scores = [], source } = prompts[at] ?? {};
      for (const [arm, score] of scores.entries()) {
        strategy.learn(contexts[at] ?? new Float64Array(size), arm, score, source);
      }
    }
    return strategy;
  },
});
