/** What an arm scored on the task that a caller names, as `learn` counts it and as linear strategies go by it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeArmState, type SelectChosen, type SelectRequest } from '../../../shared/model/selection.ts';
import { MAX_TASKS } from '../../../shared/model/task-counts.ts';
import { fitState, type Lesson } from '../../../shared/services/evaluation/fit-state.ts';
import { TaskCounter } from '../../../shared/services/evaluation/task-counter.ts';
import { choose, double, situation } from './asked.ts';

interface Golden {
  readonly gamma: number;
  readonly memory?: number;
  readonly lessons: readonly Omit<Lesson, 'arm'>[];
  readonly packed: string;
}

const GOLDEN: readonly Golden[] = JSON.parse(
  readFileSync(new URL('learning/task-counts.json', import.meta.url), 'utf8'),
);

/** Those that hold a linear prediction to counts. */
const LINEAR: readonly SelectRequest['strategy'][] = ['linucb', 'lin-thompson'];
const isLinear = ({ strategy, params }: SelectRequest): boolean =>
  LINEAR.includes(strategy) || params?.likelihood === 'linear';

const UNKNOWN_TASK = 999;

const byId = ({ ranking }: SelectChosen) => new Map(ranking.map((one) => [one.id, one]));

describe('counts', () => {
  test.each(GOLDEN.map((one, index) => [index, one] as const))('are those of Rust, %i', (_, golden) => {
    const { gamma, memory, lessons, packed } = golden;
    const settings = memory === undefined ? { gamma } : { gamma, memory };
    const learnt = fitState(
      lessons.map((one) => ({ ...one, arm: 'm' })),
      settings,
    );
    expect(learnt.get('m')).toEqual(decodeArmState(Buffer.from(packed, 'base64')));
  });

  test('are bounded, keep the newest, and are the discounted sums of the scores while there is room', () => {
    const score = fc.record({ task: fc.option(fc.nat(60), { nil: undefined }), score: double(0, 1) });
    fc.assert(
      fc.property(fc.array(score, { maxLength: 150 }), double(0.5, 1), (scores, gamma) => {
        const counter = new TaskCounter();
        for (const { task, score: one } of scores) counter.add(task, one, gamma);
        const counts = counter.state() ?? [];
        const named = scores.map(({ task }) => task).filter((task) => task !== undefined);
        expect(counts.length).toBeLessThanOrEqual(MAX_TASKS);
        expect(counts.at(-1)?.task).toBe(named.at(-1));
        if (new Set(named).size > MAX_TASKS) return;
        for (const { task, n, sum } of counts) {
          const faded = scores.map((one, at) => ({ ...one, weight: gamma ** (scores.length - 1 - at) }));
          const own = faded.filter((one) => one.task === task);
          expect(n).toBeCloseTo(
            own.reduce((total, { weight }) => total + weight, 0),
            9,
          );
          expect(sum).toBeCloseTo(
            own.reduce((total, { weight, score: one }) => total + weight * one, 0),
            9,
          );
        }
      }),
    );
  });
});

describe('a decision', () => {
  test('is the same to the bit without a name and by one that no arm counted', () => {
    fc.assert(
      fc.property(situation, ({ request, arms }) => {
        const { task: _, ...unnamed } = request;
        const uncounted = new Map([...arms].map(([id, { tasks: __, ...arm }]) => [id, arm]));
        const plain = choose(unnamed, uncounted);
        expect(choose(unnamed, arms)).toEqual(plain);
        expect(choose({ ...request, task: UNKNOWN_TASK }, arms)).toEqual(plain);
      }),
    );
  });

  test('holds a linear prediction to what was scored, shows by how much, and leaves its deviation', () => {
    fc.assert(
      fc.property(situation, double(1, 1e4), ({ request, arms }, strength) => {
        const asked = { ...request, params: { ...request.params, task_strength: strength } };
        const { task, ...unnamed } = asked;
        const plain = byId(choose(unnamed, arms));
        for (const [id, { quality, uncertainty, by_task }] of byId(choose(asked, arms))) {
          const counted = arms.get(id)?.tasks?.find((one) => one.task === task);
          const before = plain.get(id)?.quality ?? Number.NaN;
          expect(uncertainty).toBe(plain.get(id)?.uncertainty);
          if (counted === undefined || !isLinear(request)) {
            expect([quality, by_task]).toEqual([before, undefined]);
            continue;
          }
          const held = (strength * before + counted.sum) / (strength + counted.n);
          expect(quality).toBe(held);
          expect(by_task).toBe(held - before);
        }
      }),
    );
  });

  test('is as likely as it is logged, over the seeds', () => {
    const arms = fitState(
      Array.from({ length: 40 }, (_, at) => ({
        arm: at % 2 === 0 ? 'a' : 'b',
        score: at % 4 < 2 ? 0.9 : 0.4,
        features: [1],
        task: at % 4 < 2 ? 1 : 2,
      })),
      {},
    );
    arms.delete('b');
    const request: SelectRequest = {
      ...{ id: 'r', policy: 'p', strategy: 'lin-thompson', seed: 1, features: [1], task: 2 },
      params: { noise: 0.2, task_strength: 4 },
      weights: { quality: 1, cost: 0, latency: 0, cost_scale_usd: 1, latency_scale_ms: 1 },
      candidates: ['a', 'b'].map((id) => ({ id, prior_quality: 0.5, cost_usd: 0, latency_ms: 0 })),
    };
    const draws = Array.from({ length: 4_000 }, (_, seed) => choose({ ...request, seed }, arms));
    const share = draws.filter(({ ranking }) => ranking[0]?.id === 'a').length / draws.length;
    const told = draws[0]?.ranking.find(({ id }) => id === 'a')?.propensity ?? Number.NaN;
    expect(Math.abs(share - told)).toBeLessThan(0.03);
    const { task: _, ...unnamed } = request;
    const untold = choose(unnamed, arms).ranking.find(({ id }) => id === 'a')?.propensity ?? Number.NaN;
    expect(untold - told).toBeGreaterThan(0.1);
  });
});
