import { beforeEach, describe, expect, it, vi } from 'vitest';
import { evaluationReply, promotionReply } from '../../../../shared/model/policy-replies.ts';
import { problemReply } from '../../../../shared/model/replies.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';
import { type LogOptions, pastLog } from '../../../support/fakes/past-log.ts';

const DAY_MS = 86_400_000;
const QUALITY: Record<string, number> = { a: 0.3, b: 0.9 };
const REFUSED = [
  'too_few_decisions',
  'too_few_of_the_champion',
  'small_effective_size',
  'low_coverage',
  'not_better',
];

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = new FakeGateway();
  await gateway.withModel('a');
  await gateway.withModel('b');
});

const put = async (id: string, body: object): Promise<void> => {
  const { status, text } = await gateway.asAdmin('PUT /admin/policies/{id}', { path: { id }, body });
  if (status !== 200) throw new Error(text);
};

const happened = async (options: Partial<LogOptions> = {}): Promise<void> => {
  const log = pastLog({
    count: 400,
    propensities: { a: 0.5, b: 0.5 },
    quality: (model) => QUALITY[model] ?? 0,
    clock: gateway.clock,
    ...options,
  });
  for (let index = 0; index < log.length; index += 33) {
    await gateway.observations.commit(log.slice(index, index + 33));
  }
};

const evaluation = (id: string, query: Record<string, string> = {}) =>
  gateway.asAdmin('GET /admin/policies/{id}/evaluation', { path: { id }, query });
const promote = (id: string, body: object = {}) =>
  gateway.asAdmin('POST /admin/policies/{id}/promote', { path: { id }, body });

describe('GET /admin/policies/{id}/evaluation', () => {
  it('is made once for all who ask while that is worth it, and anew for a new version', async () => {
    await put('best', { strategy: 'fixed', params: { model: 'b' } });
    const reading = vi.spyOn(gateway.observations, 'list').mockImplementation(async () => {
      await gateway.clock.advance(700);
      return { items: [] };
    });
    await Promise.all([evaluation('best'), evaluation('best')]);
    await evaluation('best');
    expect(reading).toHaveBeenCalledTimes(1);

    await put('best', { strategy: 'fixed', params: { model: 'a' } });

    expect((await evaluation('best')).json.version).toBe(2);
    expect(reading).toHaveBeenCalledTimes(2);
  });

  it('estimates what the policy would have earned', async () => {
    await put('best', { strategy: 'fixed', params: { model: 'b' } });
    await happened();

    const { status, json } = await evaluation('best');

    const reply = evaluationReply.parse(json);
    expect(status).toBe(200);
    expect(reply).toMatchObject({
      policy: 'best',
      version: 1,
      to: new Date(gateway.clock.now()).toISOString(),
      from: new Date(gateway.clock.now() - 7 * DAY_MS).toISOString(),
      truncated: false,
      read: 400,
      fitted: 200,
      judged: 200,
      coverage: 1,
      own: null,
      champion: null,
    });
    expect(Math.abs((reply.quality?.doubly_robust.value ?? 0) - 0.9)).toBeLessThan(0.1);
  });

  it('looks at the time that it is told', async () => {
    await happened({ count: 3 * 1_440 });
    const at = (daysAgo: number) => new Date(gateway.clock.now() - daysAgo * DAY_MS).toISOString();

    expect((await evaluation('default', { days: '1' })).json.read).toBe(1_440);
    expect((await evaluation('default', { from: at(2), to: at(1) })).json.read).toBe(1_440);
    expect((await evaluation('default', { from: at(0.5) })).json.read).toBe(720);
    expect((await evaluation('default', { from: at(9), to: at(8) })).json).toMatchObject({
      read: 0,
      quality: null,
    });
  });

  it('reads the newest 10,000, and says that there was more', async () => {
    const items = pastLog({ count: 500, propensities: { a: 1 }, quality: () => 1 }).map(
      ({ observation }) => ({ ...observation, quality_score: null }),
    );
    // Without end: as many as are asked for, and always more.
    vi.spyOn(gateway.observations, 'list').mockImplementation(async ({ limit }) => ({
      items: items.slice(0, limit),
      cursor: 'more',
    }));

    expect((await evaluation('default', { days: '8' })).json).toMatchObject({
      read: 10_000,
      truncated: true,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['/query/days', { days: '0' }],
    ['/query/days', { days: '91' }],
    ['/query/from', { from: 'yesterday' }],
    ['/query/from', { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
    ['/query/model', { model: 'a' }],
  ])('names %s in %j', async (path, query) => {
    const { status, json } = await evaluation('default', query);

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });

  it('knows no policy of another name', async () => {
    expect((await evaluation('nothing')).status).toBe(404);
  });
});

describe('POST /admin/policies/{id}/promote', () => {
  const challenge = async (min_count = 100): Promise<void> => {
    await put('best', { strategy: 'fixed', params: { model: 'b' } });
    await put('default', { strategy: 'thompson', challenger: { policy: 'best', percent: 10, min_count } });
  };
  const versionOf = async () => (await gateway.config.getPolicy('default'))?.version;

  it('puts the challenger in the place of the champion where it is shown to be better', async () => {
    await challenge();
    await happened();

    const { status, json, headers } = await promote('default');

    const { policy, evaluation: shown } = promotionReply.parse(json);
    expect([status, headers.etag]).toEqual([200, '"2"']);
    expect(policy).toMatchObject({ id: 'default', version: 2, strategy: 'fixed', learning_state: 'best' });
    expect(policy).not.toHaveProperty('challenger');
    expect(shown.champion?.count).toBe(200);
    expect(await gateway.config.getPolicy('default')).toEqual(policy);
    expect(await gateway.config.listPolicyVersions('default', 9)).toHaveLength(2);
  });

  it('refuses with the numbers while too little is known, and changes nothing', async () => {
    await challenge();

    const { status, json } = await promote('default', { days: 30 });

    const problem = problemReply.parse(json);
    expect([status, problem.code]).toEqual([409, 'conflict']);
    expect(problem.refused?.map(({ reason }) => reason)).toEqual(REFUSED);
    expect(problem.evaluation).toMatchObject({ policy: 'best', judged: 0 });
    expect(await versionOf()).toBe(1);
  });

  it('refuses what is not better', async () => {
    await challenge();
    await happened({ quality: (model) => 1 - (QUALITY[model] ?? 0) });

    const { json } = await promote('default');

    expect(problemReply.parse(json).refused).toMatchObject([{ reason: 'not_better' }]);
  });

  it('refuses where there is no challenger', async () => {
    expect((await promote('default')).status).toBe(409);
    expect((await promote('nothing')).status).toBe(404);
    expect((await promote('default', { days: 0 })).json.errors).toMatchObject([{ path: '/days' }]);
  });

  it('refuses where the champion was changed while it was evaluated', async () => {
    await challenge();
    await happened();
    const list = gateway.observations.list.bind(gateway.observations);
    gateway.observations.list = async (query) => {
      await put('default', { strategy: 'greedy' });
      gateway.observations.list = list;
      return list(query);
    };

    expect((await promote('default')).status).toBe(409);
    expect(await versionOf()).toBe(2);
  });
});
