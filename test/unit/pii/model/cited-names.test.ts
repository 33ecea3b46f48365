import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notCited } from '../../../../shared/adapters/pii/model/cited-names.ts';

const FORENAMES = ['Dave', 'Doug', 'Justin', 'Molly', 'Scott', 'Will'];
const lists = {
  isForename: (word: string): boolean => FORENAMES.includes(word),
  isFamous: (name: string): boolean => name.toLowerCase() === 'ayn rand',
};

/** Are `names`, each where it stands first, still there? */
const keeps = (text: string, ...names: string[]): boolean[] => {
  const stretches = names.map((name) => ({
    start: text.indexOf(name),
    end: text.indexOf(name) + name.length,
  }));
  const kept = notCited(text, stretches, lists);
  return stretches.map((stretch) => kept.includes(stretch));
};

describe('a name that is nobody’s', () => {
  it.each([
    ['Fit a Gumbel Copula to the losses.', 'Gumbel Copula'],
    ['Fit Gumbel copulas to the losses.', 'Gumbel'],
    ['Use the Cauchy-Schwarz inequality twice.', 'Cauchy-Schwarz'],
    ['Okafor et al. report the same.', 'Okafor'],
    ['N. Madras proved in 1999 the existence of the limit.', 'N. Madras'],
    ['A cruz foi levada ao monte.', 'A cruz'],
    ['It first runs Av1an over each scene.', 'Av1an'],
    ['Lopez L, Colan SD, Stylianou M, van der Velde M, Minich L\nCirc Imaging. 2017', 'Colan SD'],
    ['Compare Ayn Rand to Plato.', 'Ayn Rand'],
    ['用三句话概括Ayn Rand的一生。', 'Ayn Rand'],
    ['summarise the life of ayn rand', 'ayn rand'],
    ['Minich L\nCirc Cardiovasc Imaging. 2017 Nov;10(11).', 'Circ Cardiovasc'],
  ])('in %j', (text, name) => {
    expect(keeps(text, name)).toEqual([false]);
  });
});

describe('a name that may be somebody’s', () => {
  it.each([
    ['Tom’s algorithm crashed on my laptop.', 'Tom'],
    ['My neighbour Jane Doe moved in 1999.', 'Jane Doe'],
    ['Jane Doe, 1999', 'Jane Doe'],
    ['Dave S, Doug V, Will J, Justin B, Molly M and Scott M met.', 'Justin B'],
    ['Lopez L, Colan SD and others', 'Colan SD'],
    ['Transform Maria into a name', 'Maria'],
    ['Maria Transformers', 'Maria'],
    ['Ask J de Vries.', 'J de Vries'],
    ['Ask J Vries.', 'J Vries'],
    ['Dear Ayn Rand, your parcel is here.', 'Ayn Rand'],
    ['My name is Ayn Rand.', 'Ayn Rand'],
    ['Give it to my colleague Ayn Rand.', 'Ayn Rand'],
    ['Patient: Ayn Rand, 4 pills', 'Ayn Rand'],
    ['From Ayn Rand <a@b.example>', 'Ayn Rand'],
    ['Call Ayn Rand (555 0100) tomorrow.', 'Ayn Rand'],
    ['Yours,\nAyn Rand\n', 'Ayn Rand'],
    ['Aya Rand wrote to us.', 'Aya Rand'],
  ])('in %j', (text, name) => {
    expect(keeps(text, name)).toEqual([true]);
  });

  it('is kept as it is, in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(), (text, a, b) => {
        const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
        const names = [{ start, end, score: 1 }];
        const kept = notCited(text, names, lists);
        expect(names).toEqual(expect.arrayContaining(kept));
      }),
    );
  });
});

it('takes time by length alone', () => {
  const list = 'Lopez LL Colan SD, '.repeat(20_000);
  const start = process.threadCpuUsage();
  notCited(list, [{ start: 0, end: 5 }], lists);
  notCited('van der '.repeat(50_000), [{ start: 0, end: 5 }], lists);
  expect(process.threadCpuUsage(start).user).toBeLessThan(2_000_000);
});
