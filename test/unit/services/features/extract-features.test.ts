import { describe, expect, it } from 'vitest';
import {
  extractFeatures,
  FEATURE_SIZE,
  type FeatureInput,
} from '../../../../shared/services/features/extract-features.ts';
import { taskHash } from '../../../../shared/services/features/task-type.ts';

/** In units of the largest that a number of form or topic may be. */
const distance = (one: FeatureInput, other: FeatureInput): number => {
  const right = extractFeatures(other);
  return 4 * Math.hypot(...extractFeatures(one).map((value, at) => value - (right[at] ?? 0)));
};
const changed = (one: FeatureInput, other: FeatureInput): number => {
  const right = extractFeatures(other);
  return extractFeatures(one).filter((value, at) => value !== right[at]).length;
};

describe('the features of a request', () => {
  it('are 60 numbers, of which the first is the constant', () => {
    const features = extractFeatures({ prompt: 'Who wrote Middlemarch?' });

    expect(features).toHaveLength(FEATURE_SIZE);
    expect(FEATURE_SIZE).toBe(60);
    expect(features[0]).toBe(1);
    expect(Math.max(...features.slice(1).map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('are pinned: another number for the same prompt needs another version', () => {
    const features = extractFeatures({
      prompt: 'Write a function to add 2 numbers.',
      task_type: 'billing',
      turns: 1,
    });

    expect(features).toMatchSnapshot();
  });

  it('set prompts of one kind closer together than prompts of another', () => {
    const story = {
      prompt: 'Ann has 12 apples and gives 3 to each of her 2 friends. How many apples are left?',
    };
    const likeIt = {
      prompt: 'Bob buys 4 pens for $3 each and pays with $20. How much money does he get back?',
    };
    const code = { prompt: '```python\ndef add(a, b):\n    return a + b\n```\nFix the function above.' };

    expect(distance(story, likeIt)).toBeLessThan(distance(story, code));
  });

  it.each([
    ['code', { prompt: 'def f(x):\n  return x' }, { prompt: 'Describe a sunny day at sea' }],
    ['mathematics', { prompt: 'Solve $x^2 = 4$.' }, { prompt: 'Solve it, please.' }],
    ['JSON', { prompt: 'Read {"a": 1} now' }, { prompt: 'Read a: 1 now' }],
    ['another script', { prompt: 'Где находится музей?' }, { prompt: 'Where is the museum?' }],
    ['choices', { prompt: 'Pick one.\nA. red\nB. blue' }, { prompt: 'Pick one. red or blue' }],
    ['a question', { prompt: 'Is it late?' }, { prompt: 'Is it late.' }],
  ])('tell %s', (_, one, other) => {
    expect(changed(one, other)).toBeGreaterThan(0);
    expect(distance(one, other)).toBeGreaterThan(0.3);
  });

  it.each([
    ['max_tokens', { max_tokens: 4_000 }],
    ['turns', { turns: 3 }],
    ['tools', { tools: 2 }],
  ])('hold %s apart from the text', (_, given) => {
    expect(changed({ prompt: 'Hello there' }, { prompt: 'Hello there', ...given })).toBe(1);
  });

  it('take a known name of a task at its word, under any of its names', () => {
    const told = extractFeatures({ prompt: 'Hello there', task_type: 'Coding' });

    expect(told).toEqual(extractFeatures({ prompt: 'Hello there', task_type: 'code' }));
    expect(distance({ prompt: 'Hello there', task_type: 'code' }, { prompt: 'Hello there' })).toBeGreaterThan(
      4,
    );
  });

  it('tell unknown names of tasks apart', () => {
    const billing = { prompt: 'Hello there', task_type: 'billing' };

    // As far apart as kinds are, give or take: names are hashed.
    expect(distance(billing, { prompt: 'Hello there', task_type: 'refunds' })).toBeGreaterThan(2);
    expect(distance(billing, { prompt: 'Hello there', task_type: ' Billing ' })).toBe(0);
  });

  it('count by a hash of the name, which is whole, spread, and one for all names of a known kind', () => {
    const hashes = Array.from({ length: 2_000 }, (_, index) => taskHash(`task ${index}`));

    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes.every(Number.isSafeInteger)).toBe(true);
    expect(hashes.filter((hash) => hash >= 2 ** 52).length / hashes.length).toBeCloseTo(0.5, 1);
    expect(taskHash('Summarisation')).toBe(taskHash('summary'));
    expect(taskHash(' Task-7 ')).toBe(taskHash('task 7'));
  });

  it('see the end of a long prompt, where the instruction often stands', () => {
    const document = 'The committee met in spring. '.repeat(5_000);

    expect(
      distance({ prompt: `${document}Translate it into French.` }, { prompt: document }),
    ).toBeGreaterThan(0.3);
  });
});
