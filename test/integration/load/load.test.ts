/** `npm run load` against a runtime of its own, with little load: its books are right whatever goes wrong, and it says when not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../scripts/load/run.ts';
import { eventually, LocalProcess, makeHome } from '../../support/local-process.ts';

/** The selector may have to be built first. */
const TIMEOUT_MS = 900_000;
/** How quick it is says nothing beside other tests. */
const PATIENT = ['--rate', '25', '--warm-up', '1s', '--p50', '9999', '--p95', '9999', '--p99', '9999'];

const load = async (args: readonly string[], env: Record<string, string> = {}) => {
  const notes: string[] = [];
  const { text, code } = await run([...args, ...PATIENT, '--json', '-'], env, (note) => notes.push(note));
  return { report: JSON.parse(text), code, notes };
};

const unheld = ({ claims }: { claims: { claim: string; holds: boolean; seen: string }[] }) =>
  claims.filter(({ holds }) => !holds);

describe('a load with everything that may be killed killed', { timeout: TIMEOUT_MS }, () => {
  it('loses no answer, no use and no score', async () => {
    const { report, code } = await load(['--chaos', '20s', '--chaos-errors', '60']);

    expect(unheld(report)).toEqual([]);
    expect(code).toBe(0);
    const [{ faults, answered }] = report.phases;
    expect(faults).toHaveLength(8);
    expect(answered).toBeGreaterThan(100);
    expect(report.claims.map(({ claim }: { claim: string }) => claim)).toContain(
      'each score was learnt exactly once',
    );
  });
});

describe('a load on a runtime that runs already', { timeout: TIMEOUT_MS }, () => {
  const home = makeHome();
  let runtime: LocalProcess;

  beforeAll(async () => {
    runtime = await LocalProcess.start(home.data, ['--quiet']);
    await eventually(() => runtime.runtime().processes.learn ?? undefined, TIMEOUT_MS);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await runtime.stop();
    home.remove();
  });

  it('is answered by its models, within the limit of who has one', async () => {
    const { url, admin_key } = runtime.first;

    const { report, code, notes } = await load(['--steady', '3s', '--url', url], {
      ATP_ADMIN_KEY: admin_key,
    });

    expect(unheld(report)).toEqual([]);
    expect(code).toBe(0);
    const [{ shape, answered, refused, failed, due }] = report.phases;
    expect([shape, failed, answered + refused]).toEqual(['steady', 0, due]);
    expect(refused).toBeGreaterThan(0);
    expect(notes.some((note) => /^steady \d\/3 s: \d+ answered, 0 failed$/.test(note))).toBe(true);
  });

  it('says so where its key is refused', async () => {
    const { url, admin_key } = runtime.first;
    const wrong = `${admin_key.slice(0, -4)}AAAA`;

    await expect(load(['--steady', '1s', '--url', url], { ATP_ADMIN_KEY: wrong })).rejects.toThrow(
      'POST /admin/quotas was answered 401',
    );
  });
});
