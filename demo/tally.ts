/** What came of the prompts so far, beside what others would have made of the very same ones. */
import { indexOfLargest, type Outcomes, type Prompt } from '../bench/routing/outcomes.ts';

/** Means a prompt: score from 0 to 1, US dollars. */
export interface Worth {
  readonly quality: number;
  readonly costUsd: number;
}

export interface Standing {
  readonly requests: number;
  readonly router: Worth;
  /** The last third of the prompts alone: how it does once it has learnt, and that best single model on the same. */
  readonly lately: { readonly router: Worth; readonly bestSingle: Worth };
  /** The model that would have been best for everything; known in hindsight only. */
  readonly bestSingle: Worth & { readonly model: string };
  /** The best model of each prompt, the cheapest of several: nobody can know it. */
  readonly oracle: Worth;
  /** A model drawn at random for each prompt. */
  readonly random: Worth;
  /** Share of the prompts by model, in the order of the records. */
  readonly shares: readonly number[];
}

interface Played {
  readonly prompt: Prompt;
  readonly model: number;
}

export class Tally {
  readonly #models: readonly string[];
  readonly #played: Played[] = [];

  constructor({ models }: Outcomes) {
    this.#models = models;
  }

  get requests(): number {
    return this.#played.length;
  }

  /** `model` is the position of the one that answered. */
  add(prompt: Prompt, model: number): void {
    this.#played.push({ prompt, model });
  }

  /** After `requests` of them; all. At least one must have been added. */
  standing(requests = this.requests): Standing {
    const played = this.#played.slice(0, requests);
    if (played.length === 0) throw new RangeError('nothing was played yet');
    const singles = this.#models.map((_, model) => worthOf(played, () => model));
    const best = indexOfLargest(singles.map(({ quality }) => quality));
    const late = played.slice(Math.floor((2 * played.length) / 3));
    const chosen = ({ model }: Played): number => model;
    return {
      requests: played.length,
      router: worthOf(played, chosen),
      lately: { router: worthOf(late, chosen), bestSingle: worthOf(late, () => best) },
      bestSingle: { model: this.#models[best] ?? '', ...(singles[best] ?? { quality: 0, costUsd: 0 }) },
      oracle: worthOf(played, ({ prompt }) => cheapestBest(prompt)),
      random: meanOf(singles),
      shares: this.#models.map(
        (_, model) => played.filter((one) => one.model === model).length / played.length,
      ),
    };
  }
}

function worthOf(played: readonly Played[], choose: (one: Played) => number): Worth {
  return meanOf(
    played.map((one) => {
      const model = choose(one);
      return { quality: one.prompt.scores[model] ?? 0, costUsd: one.prompt.costs[model] ?? 0 };
    }),
  );
}

const meanOf = (all: readonly Worth[]): Worth => ({
  quality: all.reduce((sum, { quality }) => sum + quality, 0) / all.length,
  costUsd: all.reduce((sum, { costUsd }) => sum + costUsd, 0) / all.length,
});

function cheapestBest({ scores, costs }: Prompt): number {
  const highest = Math.max(...scores);
  return indexOfLargest(costs.map((cost, model) => (scores[model] === highest ? -cost : -Infinity)));
}
