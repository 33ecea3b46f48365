/** `npm run load`: phases of asks, then the books. Arguments in; text and an exit code out. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from './api.ts';
import { booksOf, type Claim } from './books.ts';
import { type Caller, drive } from './drive.ts';
import { killedWorkers, wreak } from './faults.ts';
import { learningClaim } from './learning.ts';
import { memoryFigures, residentOf } from './memory.ts';
import { MODELS, setModel } from './models.ts';
import { asksOf, HELP, type Options, optionsOf, type Phase, UsageError } from './options.ts';
import { type PhaseReport, phaseClaims, type Report, reportText } from './report.ts';
import { Ledger } from './tally.ts';
import { runningTarget, startTarget, type Target } from './target.ts';

export interface Ended {
  readonly text: string;
  readonly code: 0 | 1;
}

interface Session {
  readonly options: Options;
  readonly target: Target;
  readonly api: Api;
  /** Of its own connections: the books and the faults do not wait for the asks. */
  readonly admin: Api;
  readonly ledger: Ledger;
  readonly note: (text: string) => void;
}

const LIMITS = { rps: 100_000, tokens_per_day: 1e12, cost_per_day_usd: 1e9, concurrent: 100_000 };
const ADMIN_CONNECTIONS = 4;
const HOUR_S = 3_600;
/** Two blocks of two seconds, see docs/adr/0009-leases.md. */
const LEASED_S = 4;
/** Changes of models reach decisions within that. */
const KNOWN_AFTER_MS = 5_000;
/** Asks a second. V8 compiles for some 20,000 asks, and what queues up meanwhile takes minutes to work off. */
const WARM_UP_RATE = 800;
/** Of every ten asks one is the limited tenant's, and of its asks half are let in. */
const LIMITED_SHARE = 0.05;

/** Throws UsageError with one line where the arguments are not valid. */
export const run = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  note: (text: string) => void,
): Promise<Ended> => {
  const options = optionsOf(args);
  if (options === undefined) return { text: HELP, code: 0 };
  const target = await openTarget(options, env, note);
  const api = new Api(target.url, options.connections);
  const admin = new Api(target.url, ADMIN_CONNECTIONS);
  try {
    const report = await load({ options, target, api, admin, note, ledger: new Ledger() });
    const json = `${JSON.stringify(report, null, 2)}\n`;
    if (options.json !== undefined && options.json !== '-') writeFileSync(options.json, json);
    const text = options.json === '-' ? json : reportText(report);
    return { text, code: report.claims.every(({ holds }) => holds) ? 0 : 1 };
  } finally {
    await Promise.all([api.close(), admin.close()]);
    await target.stop();
  }
};

const openTarget = async (
  { url, workers }: Options,
  env: Readonly<Record<string, string | undefined>>,
  note: (text: string) => void,
): Promise<Target> => {
  if (url === undefined) {
    note('starting a runtime of its own');
    return startTarget(workers, note);
  }
  const key = env.ATP_ADMIN_KEY;
  if (key === undefined || key === '') throw new UsageError('--url needs the admin key in ATP_ADMIN_KEY');
  return runningTarget(url, key);
};

const load = async (session: Session): Promise<Report> => {
  const { options, target, admin, ledger, note } = session;
  const asks = options.phases.reduce((sum, phase) => sum + asksOf(phase, options.rate), 0);
  const perHour = Math.max(1, Math.round(asks * LIMITED_SHARE));
  if (target.runtime() !== undefined) {
    for (const id of MODELS) await setModel(admin, target.adminKey, id);
    await sleep(KNOWN_AFTER_MS);
  }
  const run = Date.now().toString(36);
  const callers = [
    await caller(session, `load-${run}`, LIMITS),
    await caller(session, `load-${run}-limited`, { ...LIMITS, rph: perHour }),
  ] as const;
  await warmUp(session);
  const startedAt = performance.now();
  const phases: PhaseReport[] = [];
  for (const phase of options.phases) phases.push(await play(session, callers, phase));
  note('checking the books');
  const killed = phases.reduce((sum, { faults }) => sum + killedWorkers(faults), 0);
  const leased = Math.ceil(killed * options.rate * LEASED_S);
  const books = { api: admin, adminKey: target.adminKey, ledger, leased };
  const hours = Math.ceil((performance.now() - startedAt) / 1_000 / HOUR_S);
  const learnt = await learningClaim(target, ledger);
  const claims: Claim[] = [
    ...phases.flatMap((phase) => phaseClaims(phase, options.thresholds)),
    ...(await booksOf(books, callers[0])),
    ...(await booksOf(books, callers[1], { perHour, hours })),
    ...(learnt === undefined ? [] : [learnt]),
  ];
  const workers = target.runtime() === undefined ? undefined : options.workers;
  return { rate: options.rate, workers, phases, claims };
};

/** A tenant of the run's own: its books hold nothing else. */
const caller = async (
  { admin, target: { adminKey } }: Session,
  tenant: string,
  rate_limit: Record<string, number>,
): Promise<Caller> => {
  await admin.post('/admin/quotas', adminKey, { tenant_id: tenant, tier: 'enterprise', rate_limit });
  const made = (await admin.post('/admin/keys', adminKey, { tenant_id: tenant })) as { key: string };
  return { tenant, key: made.key, limited: 'rph' in rate_limit };
};

/** Code is compiled and connections are open before anything counts; its tenant is another one. */
const warmUp = async (session: Session): Promise<void> => {
  const { options, api } = session;
  const warm = await caller(session, `load-warm-${Date.now().toString(36)}`, LIMITS);
  const phase: Phase = { shape: 'steady', seconds: options.warmUp };
  const ledger = new Ledger();
  const watch = (_: unknown, elapsed: number): void =>
    session.note(`warming up ${elapsed.toFixed(0)}/${phase.seconds} s`);
  const rate = Math.min(options.rate, WARM_UP_RATE);
  await drive({ api, phase, rate, callers: [warm, warm], ledger, watch });
  // Scores of the warm-up are learnt as well.
  session.ledger.scores = ledger.scores;
};

const play = async (
  { options, target, api, admin, ledger, note }: Session,
  callers: readonly [Caller, Caller],
  phase: Phase,
): Promise<PhaseReport> => {
  const memory: number[] = [];
  const faulty =
    phase.shape === 'chaos' ? wreak({ target, api: admin, note }, phase.seconds) : Promise.resolve([]);
  const driven = drive({
    ...{ api, phase, rate: options.rate, callers, ledger },
    watch: ({ answered, failed }, elapsed) => {
      memory.push(residentOf(target.workers()));
      note(`${phase.shape} ${elapsed.toFixed(0)}/${phase.seconds} s: ${answered} answered, ${failed} failed`);
    },
  });
  const [{ tally, due }, faults] = await Promise.all([driven, faulty]);
  const figures = tally.figures(phase.shape, phase.seconds, due);
  return { ...figures, memory: memoryFigures(memory, options.thresholds.growth), faults };
};
