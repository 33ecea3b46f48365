/** A plan's scores are numbers that a person can check; docs/architecture/policies.md shows how, with one plan in full. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Candidate } from '../../../shared/model/decision.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';

const DOCUMENT = join(import.meta.dirname, '../../../docs/architecture/policies.md');

/** The JSON examples of the chapter "A score by hand": the policy, the models, the request, the plan. */
const examples = (): [Partial<Policy>, Record<string, unknown>[], object, { candidates: Candidate[] }] => {
  const chapter = readFileSync(DOCUMENT, 'utf8').split('## A score by hand')[1] ?? '';
  const blocks = [...chapter.matchAll(/```json\n(.*?)```/gs)].map(([, block = '']) => JSON.parse(block));
  return blocks as never;
};

describe('the score of a plan', () => {
  let gateway: FakeGateway;
  let key: string;

  const start = async (policy: Partial<Policy>, models: Record<string, unknown>[]): Promise<void> => {
    gateway = new FakeGateway({ policy });
    // The TypeScript selector decides, as Rust would.
    await gateway.asAdmin('PUT /admin/flags', { body: { selector: { enabled: false } } });
    key = await gateway.keyOf('acme');
    for (const body of models) await gateway.asAdmin('POST /admin/adapters', { body });
  };

  const plan = async (body: object) =>
    (await gateway.call('POST /v1/plan', { key, body })).json.candidates as Candidate[];

  /** The quality that the strategy went by, as the score gives it away. */
  const qualityBehind = ({ score, cost_usd, latency_ms }: Candidate, { weights }: Policy): number => {
    const { quality, cost, latency, cost_scale_usd, latency_scale_ms } = weights.balanced;
    return (score + (cost * cost_usd) / cost_scale_usd + (latency * latency_ms) / latency_scale_ms) / quality;
  };

  const [policy, models] = examples();
  const policyOf = async (): Promise<Policy> => {
    const [found] = await gateway.config.listPolicies();
    if (found === undefined) throw new Error('no policy');
    return found;
  };

  it('is what the document says, to the four digits that it shows', async () => {
    const [, , request, shown] = examples();
    await start(policy, models);

    expect(shown.candidates).toHaveLength(2);
    expect(await plan(request)).toEqual(
      shown.candidates.map((one) => ({
        ...one,
        uncertainty: expect.closeTo(one.uncertainty, 4),
        score: expect.closeTo(one.score, 8),
      })),
    );
  });

  describe.each<[string, Partial<Policy>, (candidate: Candidate) => number]>([
    ['greedy', { strategy: 'greedy', params: {} }, ({ quality }) => quality],
    [
      'linucb',
      { strategy: 'linucb', params: { exploration: 0.5 } },
      ({ quality, uncertainty }) => quality + 0.5 * uncertainty,
    ],
  ])('by %s', (_, fields, qualityOf) => {
    beforeEach(() => start(fields, models));

    it('follows from the other numbers', async () => {
      const candidates = await plan({ prompt: 'Explain quantum computing' });

      for (const one of candidates)
        expect(qualityBehind(one, await policyOf())).toBeCloseTo(qualityOf(one), 12);
    });
  });

  it('by thompson gives away the draw, which lies about the mean', async () => {
    await start({ strategy: 'thompson' }, models);
    const draws: number[] = [];
    let shown: Candidate | undefined;
    for (let turn = 0; turn < 200; turn += 1) {
      shown = (await plan({ prompt: 'Explain quantum computing' })).find(({ id }) => id === 'quick');
      if (shown !== undefined) draws.push(qualityBehind(shown, await policyOf()));
    }

    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
    expect(Math.abs(mean - (shown?.quality ?? 0))).toBeLessThan(
      (4 * (shown?.uncertainty ?? 0)) / Math.sqrt(200),
    );
  });
});
