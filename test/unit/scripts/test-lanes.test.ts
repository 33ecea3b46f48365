import { describe, expect, it } from 'vitest';

// Plain JavaScript, since it runs before anything is installed.
const { runLanes } = await import(new URL('../../../scripts/test/lanes.mjs', import.meta.url).href);

/** Steps that end when they are told to; `said` is what was printed so far. */
const lanesOf = (steps: readonly string[], aside: readonly string[]) => {
  const gates = new Map(steps.map((name) => [name, Promise.withResolvers<void>()]));
  const begun: string[] = [];
  let said = '';
  const outcomes: Promise<string[]> = runLanes([...steps], {
    isAside: (name: string) => aside.includes(name),
    run: async (name: string, write: (text: string) => void) => {
      begun.push(name);
      write(`<${name}`);
      await gates.get(name)?.promise;
      write(`${name}>`);
      return name.toUpperCase();
    },
    print: (text: string) => {
      said += text;
    },
  });
  const end = async (name: string): Promise<void> => {
    gates.get(name)?.resolve();
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
  };
  return { outcomes, begun, end, said: () => said };
};

describe('steps in two lanes', () => {
  it('run side by side, those of a lane one after the other, and are told in order', async () => {
    const { outcomes, begun, end } = lanesOf(['a', 'x', 'b', 'y'], ['x', 'y']);

    expect(begun).toEqual(['a', 'x']);
    await end('x');
    expect(begun).toEqual(['a', 'x', 'y']);
    await end('y');
    await end('a');
    await end('b');

    expect(await outcomes).toEqual(['A', 'X', 'B', 'Y']);
  });

  it('do not talk at once: the second lane’s steps are heard when they have ended', async () => {
    const { end, said } = lanesOf(['a', 'x'], ['x']);

    expect(said()).toBe('<a');
    await end('x');
    expect(said()).toBe('<a<xx>');
    await end('a');
    expect(said()).toBe('<a<xx>a>');
  });

  it('are heard as they go where there are no others', async () => {
    const { end, said } = lanesOf(['x'], ['x']);

    expect(said()).toBe('<x');
    await end('x');
  });
});
