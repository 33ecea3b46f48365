/** Sends the prompts: a few at a time, in random order, and again from the start where they run out. */
import type { Outcomes, Prompt } from '../bench/routing/outcomes.ts';
import { permutation } from '../bench/routing/shuffle.ts';
import { Sfc32 } from '../shared/services/selection/random.ts';
import type { DemoClient } from './client.ts';
import { DemoError } from './demo-error.ts';
import { Tally } from './tally.ts';

export interface Pace {
  readonly requests: number;
  readonly atOnce: number;
  /** Milliseconds from one request to the next, at least: feedback is learnt within seconds, not at once. */
  readonly everyMs: number;
}

export interface Played {
  readonly tally: Tally;
  /** How many decisions each selector made. */
  readonly selectors: ReadonlyMap<string, number>;
}

/** `onAnswer` is called after each. Throws DemoError at the first failure, or when the signal fires. */
export async function play(
  client: DemoClient,
  outcomes: Outcomes,
  pace: Pace & { readonly seed: number },
  signal: AbortSignal,
  onAnswer: (tally: Tally) => void,
): Promise<Played> {
  const tally = new Tally(outcomes);
  const selectors = new Map<string, number>();
  const prompts = rounds(outcomes, pace.seed);
  const started = performance.now();
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < pace.requests) {
      const turn = sent;
      sent += 1;
      await pause(started + turn * pace.everyMs - performance.now(), signal);
      const prompt = prompts.next().value;
      const { request_id, model_used, selector } = await client.ask(prompt.text);
      const model = outcomes.models.indexOf(model_used);
      if (model < 0) throw new DemoError(`${model_used} answered, which is none of the recorded models.`);
      await client.observe(request_id, prompt.scores[model] ?? 0);
      selectors.set(selector, (selectors.get(selector) ?? 0) + 1);
      tally.add(prompt, model);
      onAnswer(tally);
    }
  };
  const workers = Array.from({ length: pace.atOnce }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    // The others stop at their next turn.
    sent = pace.requests;
    await Promise.allSettled(workers);
    throw error;
  }
  return { tally, selectors };
}

function* rounds({ prompts }: Outcomes, seed: number): Generator<Prompt, never> {
  const random = new Sfc32(seed);
  for (;;) {
    for (const at of permutation(prompts.length, random)) {
      const prompt = prompts[at];
      if (prompt !== undefined) yield prompt;
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new DemoError('Stopped.');
  if (ms <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new DemoError('Stopped.'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
