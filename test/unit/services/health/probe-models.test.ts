import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeHandler } from '../../../../functions/probe-adapters/handler.ts';
import { MemoryConfigStore } from '../../../../shared/adapters/memory/config-store.ts';
import { uuidv7Source } from '../../../../shared/adapters/runtime/uuidv7.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Adapter } from '../../../../shared/model/adapter.ts';
import {
  ModelProber,
  PROBE_TIMEOUT_MS,
  type ProbeReport,
} from '../../../../shared/services/health/probe-models.ts';
import { anAdapter } from '../../../support/fakes/documents.ts';
import { breakOpen, OK, SharedHealth } from '../../../support/fakes/health.ts';
import { document, end, ScriptedModels, type Step, text } from '../../../support/fakes/scripted-models.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const PONG: Step[] = [text('pong'), end()];
const IDLE_MS = 900_000;
const away = new AppError('upstream_error', 'The provider failed.', { fault: 'provider_error' });

class Rig {
  readonly shared = new SharedHealth();
  readonly health = this.shared.instance();
  readonly config = new MemoryConfigStore({ policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS });
  readonly embeddings = new ScriptedModels({ vectors: [[document({ object: 'list' }), end()]] });
  readonly chat: ScriptedModels;
  readonly reports: ProbeReport[] = [];

  constructor(scripts: Readonly<Record<string, readonly (readonly Step[])[]>> = {}) {
    this.chat = new ScriptedModels(scripts);
  }

  async probe(idleMs: (adapter: Adapter) => number = () => IDLE_MS): Promise<ProbeReport> {
    const { shared, config, chat, embeddings, health } = this;
    const ids = uuidv7Source(shared.clock, seededRandom(2));
    const prober = new ModelProber({ config, health, chat, embeddings, clock: shared.clock, ids, idleMs });
    return makeHandler({ prober, probed: (report) => this.reports.push(report) })();
  }
}

describe('models are asked how they are', () => {
  it("but not with keys that are tenants' alone", async () => {
    const rig = new Rig({ theirs: [PONG] });
    await rig.config.putAdapter(anAdapter('theirs'));
    await rig.config.putTenantKey('theirs', { tenant_id: 'acme', updated_at: '2026-01-01T00:00:00.000Z' });
    await rig.shared.clock.advance(IDLE_MS);

    expect(await rig.probe()).toEqual({ probed: 0, failed: 0, open: 0 });
  });

  it('where nobody has called them of late, with one token and for nobody', async () => {
    const rig = new Rig({ busy: [PONG], idle: [PONG] });
    for (const id of ['busy', 'idle', 'off'])
      await rig.config.putAdapter(anAdapter(id, { enabled: id !== 'off' }));
    await rig.shared.clock.advance(IDLE_MS);
    rig.health.record(anAdapter('busy'), OK);

    expect(await rig.probe()).toMatchObject({ probed: 1, failed: 0 });

    expect(rig.chat.calls).toEqual([
      expect.objectContaining({
        model: 'idle',
        request: expect.objectContaining({ max_tokens: 1, bounded: true, stream: false }),
      }),
    ]);
    expect(await rig.shared.store.get('idle')).toMatchObject({ calls: 1, failures: 0 });
    expect(rig.reports).toMatchObject([{ probed: 1, failed: 0 }]);
  });

  it('not again before they are idle anew', async () => {
    const rig = new Rig({ a: [PONG] });
    await rig.config.putAdapter(anAdapter('a'));

    await rig.probe();
    await rig.shared.clock.advance(IDLE_MS - 1);
    await rig.probe();
    expect(rig.chat.called).toEqual(['a']);

    await rig.shared.clock.advance(1);
    await rig.probe();
    expect(rig.chat.called).toEqual(['a', 'a']);
  });

  it('not where they were registered a moment ago', async () => {
    const rig = new Rig({ a: [PONG] });
    const updated_at = new Date(rig.shared.clock.now()).toISOString();
    await rig.config.putAdapter(anAdapter('a', { updated_at }));
    await rig.shared.clock.advance(IDLE_MS - 1);

    expect(await rig.probe()).toMatchObject({ probed: 0, failed: 0 });
  });

  it('never where that is forbidden, unless their breaker waits for it', async () => {
    const rig = new Rig({ a: [PONG] });
    await rig.config.putAdapter(anAdapter('a'));
    const never = (): number => Number.POSITIVE_INFINITY;

    expect(await rig.probe(never)).toMatchObject({ probed: 0, failed: 0 });
    await breakOpen(rig.shared.instance(), anAdapter('a'));
    expect(await rig.probe(never)).toMatchObject({ probed: 0, failed: 0 });

    await rig.shared.clock.advance(7_500);
    expect(await rig.probe(never)).toMatchObject({ probed: 1, failed: 0 });
    expect((await rig.shared.store.get('a'))?.open).toBeUndefined();
  });

  it('and a failure opens the breaker for longer', async () => {
    const rig = new Rig({ a: [[away]] });
    await rig.config.putAdapter(anAdapter('a'));
    await breakOpen(rig.shared.instance(), anAdapter('a'));
    await rig.shared.clock.advance(7_500);

    expect(await rig.probe()).toMatchObject({ probed: 1, failed: 1 });

    expect((await rig.shared.store.get('a'))?.open).toMatchObject({ times: 2 });
  });

  it('by one of those who ask at once', async () => {
    const rig = new Rig({ a: [PONG] });
    await rig.config.putAdapter(anAdapter('a'));
    await breakOpen(rig.shared.instance(), anAdapter('a'));
    await rig.shared.clock.advance(7_500);
    const other = rig.shared.instance();
    await other.read();

    const [report, claimed] = await Promise.all([rig.probe(), other.claim(anAdapter('a'), 1_000)]);

    expect(report.probed + Number(claimed)).toBe(1);
  });

  it('for a vector where they make nothing else', async () => {
    const rig = new Rig();
    await rig.config.putAdapter(anAdapter('vectors', { capabilities: ['embeddings'] }));

    expect(await rig.probe()).toMatchObject({ probed: 1, failed: 0 });
    expect(rig.embeddings.called).toEqual(['vectors']);
  });
});

describe('what came back', () => {
  const ending = async (error: Error) => {
    const rig = new Rig({ a: [[error]] });
    await rig.config.putAdapter(anAdapter('a'));
    await breakOpen(rig.shared.instance(), anAdapter('a'));
    await rig.shared.clock.advance(7_500);
    await rig.probe();
    return rig.health.passageOf(anAdapter('a'));
  };

  it('is well where a provider refuses so small an ask: it is there', async () => {
    const extensions = { upstream_status: 400 };

    expect(await ending(new AppError('upstream_error', 'refused', { extensions }))).toBe('call');
  });

  it('is no verdict where the fault is ours', async () => {
    expect(await ending(new AppError('unavailable', 'Secrets cannot be read.'))).toBe('probe');
  });
});

describe('a model that says nothing', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('is given up', async () => {
    const rig = new Rig({ a: [['silence']] });
    await rig.config.putAdapter(anAdapter('a'));

    const probing = rig.probe();
    await vi.advanceTimersByTimeAsync(PROBE_TIMEOUT_MS);

    expect(await probing).toMatchObject({ probed: 1, failed: 1 });
    expect(await rig.shared.store.get('a')).toMatchObject({ failures: 1, last_error: 'timeout' });
  });
});
