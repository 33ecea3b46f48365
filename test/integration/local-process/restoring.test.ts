/** docs/operations/disaster-recovery.md: a copy of the data directory is a backup, and is all that is needed. */
import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalProcess, makeHome } from '../../support/local-process.ts';

interface Listed {
  request_id: string;
  quality_score: number | null;
}

describe('a runtime that is started on a copy of its data', () => {
  const [home, elsewhere] = [makeHome(), makeHome()];
  let restored: LocalProcess;
  let asked: { request_id: string };
  let after: Response;

  beforeAll(async () => {
    const original = await LocalProcess.start(home.data, ['--quiet']);
    const { admin_key, tenant_key } = original.first;
    await original.request('POST', '/admin/adapters', admin_key, { id: 'mine', cost_per_1k: 0.5 });
    await original.request('POST', '/admin/quotas', admin_key, {
      tenant_id: 'default',
      rate_limit: { rph: 2 },
    });
    asked = (await (await original.ask()).json()) as { request_id: string };
    const score = { request_id: asked.request_id, quality_score: 0.75 };
    expect((await original.request('POST', '/v1/observe', tenant_key, score)).status).toBe(200);
    await original.stop();
    cpSync(home.data, elsewhere.data, { recursive: true });

    const goesOn = await LocalProcess.start(home.data, ['--quiet']);
    after = await goesOn.ask();
    await goesOn.stop();
    rmSync(home.data, { recursive: true });
    restored = await LocalProcess.start(elsewhere.data, ['--quiet']);
  });

  afterAll(async () => {
    await restored.stop();
    for (const one of [home, elsewhere]) one.remove();
  });

  it('knows its keys, its models and what happened until then, and nothing of what came later', async () => {
    const { admin_key, tenant_key } = restored.first;
    const models = await restored.request('GET', '/v1/models', tenant_key);
    const reply = await restored.request('GET', '/admin/observations?tenant_id=default', admin_key);
    const observations = (await reply.json()) as Listed[];

    expect(after.status).toBe(200);
    expect(((await models.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toContain('mine');
    expect(observations).toEqual([
      expect.objectContaining({ request_id: asked.request_id, quality_score: 0.75 }),
    ]);
  });

  it('goes on counting where the copy was made', async () => {
    const [allowed, refused] = [await restored.ask(), await restored.ask()];

    expect([allowed.status, refused.status]).toEqual([200, 429]);
  });
});
