/** What goes wrong while the load runs: each at its time, and over when the phase is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';
import { MODELS, type ModelFault, setModel } from './models.ts';
import type { Target } from './target.ts';

export interface Chaos {
  readonly target: Target;
  readonly api: Api;
  readonly note: (text: string) => void;
}

type Fault = readonly [name: string, inject: (chaos: Chaos) => Promise<void>];

const HANG_MS = 1_000;
const KILLED_WORKER = 'a gateway process is killed';

/** Waits for one that is about to come back. */
const signal = (find: () => number | null | undefined, name: NodeJS.Signals): Promise<void> =>
  persist(async () => {
    const pid = find();
    if (typeof pid !== 'number') throw new Error('the process to be killed does not run');
    process.kill(pid, name);
  });

const failing =
  (fault: ModelFault) =>
  ({ api, target }: Chaos): Promise<void> =>
    persist(() => setModel(api, target.adminKey, MODELS[0], fault));

/** What was broken just before may still be away. */
const persist = async (change: () => Promise<unknown>): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await sleep(250);
    }
  }
};

export const heal = ({ api, target }: Chaos): Promise<void> =>
  persist(() => setModel(api, target.adminKey, MODELS[0]));

export const FAULTS: readonly Fault[] = [
  ['the selector is killed', ({ target }) => signal(() => target.runtime()?.processes.select, 'SIGKILL')],
  ['half of a model’s connections are reset', failing('reset')],
  [KILLED_WORKER, ({ target }) => signal(() => target.workers()[0], 'SIGKILL')],
  ['half of a model’s answers are garbage', failing('garbage')],
  [
    'the store hangs for a second',
    async ({ target }) => {
      const pid = target.runtime()?.processes.dynamodb;
      await signal(() => pid, 'SIGSTOP');
      await sleep(HANG_MS);
      await signal(() => pid, 'SIGCONT');
    },
  ],
  ['half of a model’s answers never come', failing('timeout')],
  ['the learner is killed', ({ target }) => signal(() => target.runtime()?.processes.learn, 'SIGKILL')],
  ['the store is killed', ({ target }) => signal(() => target.runtime()?.processes.dynamodb, 'SIGKILL')],
];

/** Injects one after the other, evenly over the time; the last tenth of it is left for recovery. Answers what was done. */
export const wreak = async (chaos: Chaos, seconds: number): Promise<string[]> => {
  const done: string[] = [];
  const gap = (seconds * 1_000 * 0.9) / (FAULTS.length + 1);
  for (const [name, inject] of FAULTS) {
    await sleep(gap);
    chaos.note(name);
    await inject(chaos);
    done.push(name);
  }
  await sleep(gap);
  await heal(chaos);
  return done;
};

/** A process that dies leaves what it held. */
export const killedWorkers = (faults: readonly string[]): number =>
  faults.filter((name) => name === KILLED_WORKER).length;
