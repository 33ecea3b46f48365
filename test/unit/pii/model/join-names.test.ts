import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinNames } from '../../../../shared/adapters/pii/model/join-names.ts';

/** `text` with proposals in brackets, `[Jane]`. */
const setUp = (marked: string, person = 0.9) => {
  let text = '';
  const names = marked.split(/(\[.*?\])/u).flatMap((part) => {
    const start = text.length;
    text += part.replace(/^\[|\]$/g, '');
    return part.startsWith('[') ? [{ start, end: text.length, person, address: 0.1 }] : [];
  });
  return { text, names };
};
const join = (marked: string, person?: number): string[] => {
  const { text, names } = setUp(marked, person);
  return joinNames(text, names).map(({ start, end }) => text.slice(start, end));
};

describe('parts of a name', () => {
  it.each([
    ['[Przemek] [Kucharski] left', ['Przemek Kucharski']],
    ['[Benjamin] A. [Seiler] left', ['Benjamin A. Seiler']],
    ['[Jan van der] [Berg]', ['Jan van der Berg']],
    ['[Ann] [Lee] and [Bo] [McKay]', ['Ann Lee', 'Bo McKay']],
  ])('in %j are one', (marked, names) => {
    expect(join(marked)).toEqual(names);
  });

  it.each([
    ['[Jane], [Joe]', ['Jane', 'Joe']],
    ['[Jane]\n[Joe]', ['Jane', 'Joe']],
    ['[anna] [left]', ['anna', 'left']],
    ['[Frau] [Olsen]', ['Frau', 'Olsen']],
    ['[LE CLUB] [Yun]', ['LE CLUB', 'Yun']],
    ['[Ann Bo Cy] [Di Ed]', ['Ann Bo Cy', 'Di Ed']],
  ])('in %j are two', (marked, names) => {
    expect(join(marked)).toEqual(names);
  });

  it('are two where the model doubts one of them', () => {
    expect(join('[Jane] [Doe]', 0.2)).toEqual(['Jane', 'Doe']);
  });

  it('have the mean of what the model thinks of them', () => {
    const { text, names } = setUp('[Jane] [Doe]');
    const [first, second] = names;
    if (first === undefined || second === undefined) throw new Error('two names');
    first.person = 0.5;
    expect(joinNames(text, names)[0]?.person).toBeCloseTo((0.5 * 4 + 0.9 * 3) / 7);
  });
});

it('covers what was covered, apart from each other, in any text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('Jane', 'van', 'x', 'É', '😀'), fc.constantFrom(' ', ', ', ' B. '))),
      (parts) => {
        const { text, names } = setUp(parts.map(([word, gap]) => `[${word}]${gap}`).join(''));
        const joined = joinNames(text, names);
        for (const name of names)
          expect(joined.filter(({ start, end }) => start <= name.start && name.end <= end)).toHaveLength(1);
      },
    ),
  );
});

it('takes time by length alone', () => {
  const text = 'Aa '.repeat(50_000);
  const half = 75_000;
  const started = process.threadCpuUsage();
  joinNames(text, [
    { start: 0, end: half - 1, person: 1, address: 0 },
    { start: half, end: text.length, person: 1, address: 0 },
  ]);
  expect(process.threadCpuUsage(started).user).toBeLessThan(1_000_000);
});
