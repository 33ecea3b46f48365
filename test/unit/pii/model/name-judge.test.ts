import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameJudge } from '../../../../shared/adapters/pii/model/name-judge.ts';
import { folded, NameList } from '../../../../shared/adapters/pii/model/name-list.ts';

const MODEL = join(import.meta.dirname, '../../../../pii-model');
const json = readFileSync(join(MODEL, 'names.json'), 'utf8');
const judge = new NameJudge(json);

interface Reference {
  text: string;
  start: number;
  end: number;
  person: number;
  address: number;
  score: number;
  story: boolean;
  real: boolean;
}

const references = readFileSync(join(MODEL, 'fixtures/names.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Reference);

const CHARACTERS = ['a', 'Z', ' ', '\n', 'é', '\u0301', '😀', '\ud83d', '名', 'İ', 'ß', '.', '1', '"', 'my '];

const scoreOf = (text: string, name: string, person = 0.6): number => {
  const start = text.indexOf(name);
  return judge.scores(text, [{ start, end: start + name.length, person, address: 0.001 }])[0] ?? 0;
};

describe('the second stage', () => {
  it('judges as the one that its weights come from', () => {
    expect(references.length).toBeGreaterThan(150);
    for (const { text, start, end, person, address, score, story, real } of references) {
      const name = text.slice(start, end);
      const [own = 0] = judge.scores(text, [{ start, end, person, address }]);
      expect(own, `${name} in ${text}`).toBeCloseTo(score, 4);
      expect([text, judge.isStory(text), judge.isReal(text, start)]).toEqual([text, story, real]);
    }
  });

  it('is the surer the surer the model is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          const text = 'Please ask Jane Doe about it.';
          expect(scoreOf(text, 'Jane Doe', low)).toBeLessThanOrEqual(scoreOf(text, 'Jane Doe', high));
        },
      ),
    );
  });

  it('gives a probability, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 120 }),
        fc.nat(),
        fc.nat(),
        (text, a, b) => {
          const start = a % text.length;
          const end = start + 1 + (b % (text.length - start));
          const [score] = judge.scores(text, [{ start, end, person: 0.5, address: 0.5 }]);
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThan(1);
        },
      ),
    );
  });

  it.each([
    ['Write a bedtime story about Kiara.', true],
    ['Escreva uma história totalmente fictícia: Waldemir', true],
    ['Напиши рассказ про Антона', true],
    ['写一篇关于小明的故事', true],
    ['A long script of Mikan playing a game', true],
    ['Write user stories for the login page', false],
    ['Write a bash script that greets Jane', false],
    ['Summarise the story of our firm for Jane', false],
    ['Plot the function for Jane', false],
  ])('knows whether %j asks for fiction', (text, expected) => {
    expect(judge.isStory(text)).toBe(expected);
  });

  it('takes somebody’s own for real, also in a story', () => {
    const text = 'Write a story about my daughter Emily and the wizard Zorblax.';
    expect(judge.isReal(text, text.indexOf('Emily'))).toBe(true);
    expect(judge.isReal(text, text.indexOf('Zorblax'))).toBe(false);
  });

  it('reads a long text once, in time that grows with it', () => {
    const long = 'Write anan '.repeat(20_000);
    const started = process.threadCpuUsage();
    judge.isStory(long);
    judge.scores(long, [{ start: 0, end: 5, person: 0.5, address: 0 }]);
    expect(process.threadCpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

describe('the lists of names', () => {
  const { lists } = JSON.parse(json) as { lists: { given: string; known: string; famous: string } };
  const given = new NameList(lists.given);
  const known = new NameList(lists.known);

  it('hold names of all regions, however they are written', () => {
    for (const name of ['Patricia', 'JÜRGEN', 'jose', 'Mohammed', 'Владимир', 'Priya', 'Svetlana', 'Ngozi'])
      expect([name, known.has(folded(name))]).toEqual([name, true]);
    expect(given.has('patricia')).toBe(true);
  });

  it('hold whole names of people whom everybody knows, however they are written', () => {
    for (const name of ['Isaac Asimov', 'ISAAC ASIMOV', 'Edvard  Grieg', 'Olympe de Gouges', 'B.F. Skinner'])
      expect([name, judge.isFamous(name)]).toEqual([name, name !== 'Olympe de Gouges']);
    expect(judge.isFamous('Asimov')).toBe(false);
  });

  it('take no strangers for them', () => {
    const strangers = Array.from({ length: 4_000 }, (_, number) => `qx${number.toString(36)} zz`);
    expect(strangers.filter((name) => judge.isFamous(name)).length).toBeLessThan(10);
  });

  it('let few strangers pass', () => {
    const strangers = Array.from({ length: 2_000 }, (_, number) => `qx${number.toString(36)}zz`);
    expect(strangers.filter((word) => known.has(word)).length).toBeLessThan(100);
  });
});
