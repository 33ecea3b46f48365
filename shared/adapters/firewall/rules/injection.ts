/** Phrases that give a model orders it should not take. A weak one is only flagged; two different weak ones block. */
import type { FirewallRule } from '../../../model/firewall.ts';
import type { Pattern } from '../phrase-matcher.ts';

export interface InjectionRule extends FirewallRule {
  category: 'injection';
  patterns: readonly Pattern[];
  /** A name or a role: where the text speaks of attacks it is only flagged, also outside of quotation marks. */
  isName?: true;
}

const rule = (
  id: string,
  action: FirewallRule['action'],
  patterns: readonly Pattern[],
  isName?: true,
): InjectionRule => ({
  id: `injection.${id}`,
  category: 'injection',
  action,
  patterns,
  ...(isName === undefined ? {} : { isName }),
});

/** Found together they are one more rule. */
export const COMBINED: FirewallRule = {
  id: 'injection.combined',
  category: 'injection',
  action: 'block',
};

export const INJECTION_RULES: readonly InjectionRule[] = [
  rule('override', 'block', [
    '{ignore} ~4 {earlier} ~3 {rules}',
    '{ignore} ~4 {rules} ~3 {earlier-after}',
    '{ignore} ~2 {all} ~2 {rules}',
    '{ignore} ~2 {your} ~3 {own-rules}',
    '{ignore} ~1 {all} ~3 {earlier-after}',
    '{earlier} ~4 {rules} ~3 {ignore-last}',
    '{all} ~3 {rules} ~3 {ignore-last}',
    '{rules} ~2 {all} ~2 {ignore-last}',
    '{drop} ~2 {your} ~3 {own-rules}',
  ]),
  rule('override-loosely', 'flag', [
    '{ignore} ~3 {earlier} ~2 {weak-things}',
    '{ignore} ~2 {weak-things} ~2 {earlier-after}',
    '{ignore} ~1 {all}',
    '{ignore} ~1 {earlier}',
    '{ignore} ~1 {rules}',
    '{all} ~2 {ignore-last}',
    '{rules} ~2 {ignore-last}',
    '{drop} ~3 {earlier} ~2 {own-rules}',
  ]),
  rule('extract', 'block', [
    '{reveal} ~4 {your} ~3 {inner-prompt|inner-foreign}',
    '{told-aloud} ~3 {your} ~2 {inner-weak}',
    '{told-aloud} ~2 {the} ~2 {inner-prompt}',
    '{told-aloud} {inner-prompt}',
    '{reveal} ~3 {inner-foreign}',
    '{your} ~3 {inner-prompt|inner-foreign} ~4 {reveal-last|what-last}',
    '{inner-prompt|inner-foreign} ~1 {reveal-last}',
    '{your} ~2 {inner-prompt|inner-foreign} ~6 {word-for-word}',
  ]),
  rule('extract-loosely', 'flag', [
    '{reveal} ~3 {your} ~2 {inner-weak}',
    '{told-aloud} ~4 {text-words} ~3 {above-words}',
    '{reveal} ~4 {inner-prompt|inner-foreign}',
    '{inner-prompt|inner-foreign} ~4 {reveal-last|word-for-word}',
  ]),
  rule('persona', 'block', ['{persona}'], true),
  rule(
    'unrestricted',
    'block',
    [
      '{become} ~10 {machine} ~12 {unrestricted}',
      '{become} ~12 {unrestricted} ~4 {machine}',
      '{you-are|from-now} ~4 {unrestricted}',
    ],
    true,
  ),
  rule('no-limits', 'flag', ['{unrestricted}']),
  rule('no-refusal', 'flag', ['{no-refusal}']),
  rule('fresh-start', 'flag', ['{fresh-start}', '{from-now} ~3 {you-are}']),
  rule('no-longer', 'flag', ['{no-longer}']),
  rule('keeper', 'block', [
    '{reveal} ~5 {password} ~4 {you-keep}',
    '{you-keep} ~5 {password} ~10 {reveal}',
    '{password} ~2 {you-keep} ~8 {reveal}',
  ]),
  rule('password', 'flag', [
    '{told-aloud} ~2 {password}',
    '{reveal} ~2 {password}',
    '{password} ~2 {reveal-last}',
  ]),
  rule('to-machine', 'flag', ['{to-machine}']),
  rule('behind-back', 'flag', ['{behind-back}']),
  rule('exfiltrate', 'flag', ['{send} ~5 {loot} ~8 {elsewhere}', '{loot} ~4 {elsewhere}']),
  rule('authority', 'flag', ['{authority}']),
  rule('template', 'flag', ['{template}']),
  rule('endless', 'flag', ['{repeat} ~8 {endless}']),
  rule('wrapped-order', 'flag', ['{wrapped} ~8 {then-do}', '{follow} ~6 {wrapped}']),
];
