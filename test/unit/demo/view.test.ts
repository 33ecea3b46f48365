import { describe, expect, it } from 'vitest';
import type { Outcomes } from '../../../bench/routing/outcomes.ts';
import { findings, plot } from '../../../demo/report.ts';
import { Tally } from '../../../demo/tally.ts';
import { makeView } from '../../../demo/view.ts';

const PROMPT = { text: '', task: '', scores: [1, 0], costs: [0.001, 0.002] };
const OUTCOMES: Outcomes = { models: ['good', 'bad'], prompts: [PROMPT] };

const shown = (isTTY: boolean, env: NodeJS.ProcessEnv, answers = 20): string => {
  let written = '';
  let now = 0;
  const view = makeView({
    screen: { isTTY, write: (text) => (written += text) },
    ...{ env, models: OUTCOMES.models, requests: answers, clock: () => now },
  });
  const tally = new Tally(OUTCOMES);
  for (let at = 0; at < answers; at += 1) {
    tally.add(PROMPT, 0);
    now += 60;
    view.show(tally);
  }
  view.end(tally);
  return written;
};
const ESCAPE = '\u001b[';

describe('what is seen', () => {
  it('is drawn over itself on a terminal, and not with every answer', () => {
    const written = shown(true, {});

    expect(written.split(`${ESCAPE}9A`)).toHaveLength(11);
    expect(written).toContain(`${ESCAPE}32m`);
    expect(written).toContain('20 of 20 prompts');
  });

  it('has no colour where none is wanted', () => {
    expect(shown(true, { NO_COLOR: '1' })).not.toContain(`${ESCAPE}32m`);
  });

  it('is ten plain lines elsewhere', () => {
    const written = shown(false, {});

    expect(written).not.toContain(ESCAPE);
    expect(written.trimEnd().split('\n')).toHaveLength(10);
    expect(written).toContain('20/20: quality 1.000 (best single model 1.000');
  });
});

describe('what is said in the end', () => {
  const worth = (quality: number, costUsd = 1) => ({ quality, costUsd });
  const standing = (router: number, lately: number, cost: number) => ({
    ...{ requests: 9, router: worth(router, cost), random: worth(0.4) },
    lately: { router: worth(lately), bestSingle: worth(0.6) },
    ...{ bestSingle: { model: 'm', ...worth(0.6, 2) }, oracle: worth(0.8), shares: [] },
  });

  it('follows the figures up', () => {
    const text = findings(standing(0.5, 0.7, 1)).join(' ');

    expect(text).toContain("0.100 better than a random model's");
    expect(text).toContain('0.100 better than those of the model');
    expect(text).toContain('50 % less');
  });

  it('and down', () => {
    const text = findings(standing(0.3, 0.5, 3)).join(' ');

    expect(text).toContain("0.100 worse than a random model's");
    expect(text).toContain('0.100 worse than those of the model');
    expect(text).toContain('50 % more');
  });

  it('is a plot even of a single answer', () => {
    const tally = new Tally(OUTCOMES);
    tally.add(PROMPT, 1);

    expect(plot(tally)).toContain('best single model so far');
    expect(plot(tally)).not.toContain('NaN');
  });
});
