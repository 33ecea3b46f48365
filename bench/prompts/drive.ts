/** Registers a simulated model for each recorded one, asks prompts one after the other, and scores each answer as recorded. */

import type { Target } from '../../test/support/flow/target.ts';
import type { Outcomes, Prompt } from '../routing/outcomes.ts';
import { mean } from '../routing/outcomes.ts';

export interface Driven {
  asked: number;
  answered: number;
  scored: number;
  /** Answers by who decided. */
  selectors: Record<string, number>;
  /** Answers by model. */
  models: Record<string, number>;
  /** One line for each call that was not answered as it should be, without the prompt. */
  failures: string[];
}

const TELL_EVERY = 12;
/** No tokens are recorded with the costs; an answer of the simulated models has about so many. */
const TOKENS_AN_ANSWER = 100;

const idOf = (model: string): string => model.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '-');

type Send = (method: string, path: string, body?: unknown) => Promise<Response>;

export const drive = async (
  target: Target,
  outcomes: Outcomes,
  count: number,
  tell: (text: string) => void,
): Promise<Driven> => {
  const send: Send = (method, path, body) =>
    fetch(`${target.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${target.adminKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await register(send, outcomes);
  const driven: Driven = { asked: 0, answered: 0, scored: 0, selectors: {}, models: {}, failures: [] };
  const step = Math.max(1, Math.floor(outcomes.prompts.length / count));
  for (const prompt of outcomes.prompts.filter((_, at) => at % step === 0).slice(0, count)) {
    driven.asked += 1;
    await askAndScore(send, outcomes.models, prompt, driven);
    if (driven.asked % TELL_EVERY === 0) tell(`${driven.asked} of ${count}`);
  }
  return driven;
};

const register = async (send: Send, { models, prompts }: Outcomes): Promise<void> => {
  for (const [index, model] of models.entries()) {
    const cost = mean(prompts.map(({ costs }) => costs[index] ?? 0));
    const adapter = {
      id: idOf(model),
      provider: 'simulated',
      cost_per_1k: (cost * 1_000) / TOKENS_AN_ANSWER,
      simulated: { latency_ms: 1 },
    };
    const response = await send('POST', '/admin/adapters', adapter);
    if (!response.ok) throw new Error(`${adapter.id}: ${response.status} ${await response.text()}`);
  }
};

const askAndScore = async (
  send: Send,
  models: readonly string[],
  { text, scores }: Prompt,
  driven: Driven,
): Promise<void> => {
  const asked = await send('POST', '/v1/ask', { prompt: text });
  if (!asked.ok) {
    const { code } = (await asked.json()) as { code: string };
    driven.failures.push(`prompt ${driven.asked}: ${asked.status} ${code}`);
    return;
  }
  const reply = (await asked.json()) as { request_id: string; model_used: string; selector: string };
  driven.answered += 1;
  bump(driven.selectors, reply.selector);
  bump(driven.models, reply.model_used);

  const quality_score = scores[models.findIndex((model) => idOf(model) === reply.model_used)];
  const observed = await send('POST', '/v1/observe', { request_id: reply.request_id, quality_score });
  if (observed.ok) driven.scored += 1;
  else driven.failures.push(`score ${driven.asked}: ${observed.status}`);

  const listed = await send('GET', '/admin/observations?limit=1');
  const [newest] = (await listed.json()) as { request_id: string }[];
  if (newest?.request_id !== reply.request_id)
    driven.failures.push(`prompt ${driven.asked}: its observation is not the newest`);
};

const bump = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};
