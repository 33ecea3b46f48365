/** What becomes of prompts under the default actions, by group. */
import { ruleFirewall } from '../../shared/adapters/firewall/rule-firewall.ts';
import type { Prompt } from './lists.ts';

export interface Tally {
  group: string;
  of: number;
  blocked: number;
  /** Flagged or blocked. */
  noticed: number;
}

export interface Judged extends Prompt {
  verdict: 'blocked' | 'flagged' | 'passed';
  rules: string[];
}

export const judge = (prompts: readonly Prompt[]): Judged[] => {
  const firewall = ruleFirewall();
  return prompts.map((prompt) => {
    const found = firewall.inspect([{ text: prompt.text, trusted: false }]);
    const blocks = found.some(({ action }) => action === 'block');
    const verdict = blocks ? 'blocked' : found.length > 0 ? 'flagged' : 'passed';
    return { ...prompt, verdict, rules: found.map(({ rule }) => rule) };
  });
};

export const tally = (judged: readonly Judged[]): Tally[] =>
  [...Map.groupBy(judged, ({ group }) => group)].map(([group, all]) => ({
    group,
    of: all.length,
    blocked: all.filter(({ verdict }) => verdict === 'blocked').length,
    noticed: all.filter(({ verdict }) => verdict !== 'passed').length,
  }));

const Z = 1.96;

/** Wilson's interval of a share, at 95 %. */
export const wilson = (count: number, of: number): { low: number; high: number } => {
  if (of === 0) return { low: 0, high: 1 };
  const share = count / of;
  const middle = (share + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / (1 + Z ** 2 / of);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
};
