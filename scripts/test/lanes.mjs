/**
 * Steps one after the other, in two lanes side by side: the tests of one spend much of their time waiting, in which the
 * other's compilers work. What the second lane prints is kept, and shown when its step has ended.
 */

/** Keeps what is written, until it is asked for. */
const keeper = () => {
  let kept = '';
  const write = (text) => {
    kept += text;
  };
  return { write, take: () => kept };
};

/**
 * @param {string[]} steps in the order of their outcomes
 * @param {object} options
 * @param {(name: string) => boolean} options.isAside whether the step is of the second lane
 * @param {(name: string, write: (text: string) => void) => Promise<Outcome>} options.run one step; all it prints goes by `write`
 * @param {(text: string) => void} options.print
 * @returns what `run` answered for each step, in order
 * @template Outcome
 */
export const runLanes = async (steps, { isAside, run, print }) => {
  const outcomes = new Map();
  const lane = async (names, runOne) => {
    for (const name of names) outcomes.set(name, await runOne(name));
  };
  const hasTwo = steps.some(isAside) && !steps.every(isAside);
  const aside = hasTwo ? steps.filter(isAside) : [];
  await Promise.all([
    lane(
      steps.filter((name) => !aside.includes(name)),
      (name) => run(name, print),
    ),
    lane(aside, async (name) => {
      const { write, take } = keeper();
      const outcome = await run(name, write);
      print(take());
      return outcome;
    }),
  ]);
  return steps.map((name) => outcomes.get(name));
};
