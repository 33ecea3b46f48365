/**
 * One yardstick as the prior of another, which learns what the first leaves over (stacking: Wolpert 1992). The first never
 * predicts a prompt that it has seen while the second learns, as its errors there would look smaller than they are.
 */
import type { Example, Yardstick } from './model.ts';

const FOLDS = 5;

export const onPrior = (prior: Yardstick, rest: Yardstick): Yardstick => ({
  name: `${rest.name} on the prior of ${prior.name}`,
  fit: (examples) => {
    const left = examples.slice();
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const predict = prior.fit(examples.filter((_, at) => at % FOLDS !== fold));
      for (let at = fold; at < examples.length; at += FOLDS) {
        const example = examples[at] as Example;
        const expected = predict(example);
        left[at] = {
          ...example,
          scores: example.scores.map((score, model) => score - (expected[model] ?? 0)),
        };
      }
    }
    const [before, after] = [prior.fit(examples), rest.fit(left)];
    return (query) => {
      const corrections = after(query);
      return before(query).map((score, model) => score + (corrections[model] ?? 0));
    };
  },
});
