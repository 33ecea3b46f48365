/** By which names a strategy's scores are counted. */
import { STRUCTURE_SIZE } from '../../shared/services/features/extract-features.ts';
import { TASK_KINDS } from '../../shared/services/features/task-type.ts';
import { indexOfLargest, type Outcomes } from './outcomes.ts';
import type { Compared } from './strategies/all.ts';

/** Of the sentence encoder's numbers so many, the first, are shares of kinds of tasks. */
const ENCODED_KINDS = 20;

export function namesOf(outcomes: Outcomes) {
  const unnamed = withNames(outcomes, () => undefined);
  const named = (one: Compared, contexts: readonly Float64Array[]): Outcomes => {
    if (one.guessed === true) return withNames(outcomes, (at) => guessedKind(contexts[at], one));
    return one.told === true && one.uncounted !== true ? outcomes : unnamed;
  };
  return { unnamed, named };
}

const withNames = ({ models, prompts }: Outcomes, nameOf: (at: number) => string | undefined): Outcomes => ({
  models,
  prompts: prompts.map(({ source: _, ...prompt }, at) => {
    const name = nameOf(at);
    return name === undefined ? prompt : { ...prompt, source: name };
  }),
});

/** The first numbers behind the structure are shares of kinds; a prompt that shows none has no name. */
function guessedKind(context: Float64Array | undefined, { embedded }: Compared): string | undefined {
  const size = embedded === true ? ENCODED_KINDS : TASK_KINDS.length;
  const shares = [...(context ?? [])].slice(STRUCTURE_SIZE, STRUCTURE_SIZE + size);
  const likeliest = indexOfLargest(shares);
  return (shares[likeliest] ?? 0) > 0 ? `kind ${likeliest}` : undefined;
}
