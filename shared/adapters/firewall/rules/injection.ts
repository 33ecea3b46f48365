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
  what: string,
  why: string,
  patterns: readonly Pattern[],
  isName?: true,
): InjectionRule => ({
  id: `injection.${id}`,
  category: 'injection',
  what,
  why,
  action,
  patterns,
  ...(isName === undefined ? {} : { isName }),
});

/** Found together they are one more rule. */
export const COMBINED: FirewallRule = {
  id: 'injection.combined',
  category: 'injection',
  what: 'two different suspicious phrases in one text',
  why: 'each alone is said by honest people; together they hardly are',
  action: 'block',
};

export const INJECTION_RULES: readonly InjectionRule[] = [
  rule(
    'override',
    'block',
    'an order to ignore, forget or disobey what the model was told',
    'the oldest way to make a model drop what its operator asked',
    [
      '{ignore} ~4 {earlier} ~3 {rules}',
      '{ignore} ~4 {rules} ~3 {earlier-after}',
      '{ignore} ~2 {all} ~2 {rules}',
      '{ignore} ~2 {your} ~3 {own-rules}',
      '{ignore} ~1 {all} ~3 {earlier-after}',
      '{earlier} ~4 {rules} ~3 {ignore-last}',
      '{all} ~3 {rules} ~3 {ignore-last}',
      '{rules} ~2 {all} ~2 {ignore-last}',
      '{drop} ~2 {your} ~3 {own-rules}',
    ],
  ),
  rule(
    'override-loosely',
    'flag',
    'an order to ignore what was said, without saying that instructions are meant',
    'people take back what they wrote in these words too',
    [
      '{ignore} ~3 {earlier} ~2 {weak-things}',
      '{ignore} ~2 {weak-things} ~2 {earlier-after}',
      '{ignore} ~1 {all}',
      '{ignore} ~1 {earlier}',
      '{ignore} ~1 {rules}',
      '{all} ~2 {ignore-last}',
      '{rules} ~2 {ignore-last}',
      '{drop} ~3 {earlier} ~2 {own-rules}',
    ],
  ),
  rule(
    'extract',
    'block',
    'a demand for the system prompt or the instructions the model was given',
    "an operator's prompt holds what its users are not to see, and shows how to get around it",
    [
      '{reveal} ~4 {your} ~3 {inner-prompt|inner-foreign}',
      '{told-aloud} ~3 {your} ~2 {inner-weak}',
      '{told-aloud} ~2 {the} ~2 {inner-prompt}',
      '{told-aloud} {inner-prompt}',
      '{reveal} ~3 {inner-foreign}',
      '{your} ~3 {inner-prompt|inner-foreign} ~4 {reveal-last|what-last}',
      '{inner-prompt|inner-foreign} ~1 {reveal-last}',
      '{your} ~2 {inner-prompt|inner-foreign} ~6 {word-for-word}',
    ],
  ),
  rule(
    'extract-loosely',
    'flag',
    'a question for instructions, or for the text before the question',
    'the same words ask for a summary, or how to assemble a shelf',
    [
      '{reveal} ~3 {your} ~2 {inner-weak}',
      '{told-aloud} ~4 {text-words} ~3 {above-words}',
      '{reveal} ~4 {inner-prompt|inner-foreign}',
      '{inner-prompt|inner-foreign} ~4 {reveal-last|word-for-word}',
    ],
  ),
  rule(
    'persona',
    'block',
    'the name of a well-known jailbreak, or of a mode without rules',
    'they are handed on as recipes, and work by being known',
    ['{persona}'],
    true,
  ),
  rule(
    'unrestricted',
    'block',
    'a role for the model that knows no rules',
    'a role is the usual wrapping of a demand that would be refused',
    [
      '{become} ~10 {machine} ~12 {unrestricted}',
      '{become} ~12 {unrestricted} ~4 {machine}',
      '{you-are|from-now} ~4 {unrestricted}',
    ],
    true,
  ),
  rule(
    'no-limits',
    'flag',
    'talk of no rules, limits or filters',
    'jailbreaks say it, and so do offers of telephone companies',
    ['{unrestricted}'],
  ),
  rule(
    'no-refusal',
    'flag',
    'an order never to refuse, warn or apologise',
    'it takes from the model what it would refuse with',
    ['{no-refusal}'],
  ),
  rule(
    'fresh-start',
    'flag',
    'new instructions are announced',
    'what follows is meant to be taken for the operator',
    ['{fresh-start}', '{from-now} ~3 {you-are}'],
  ),
  rule('no-longer', 'flag', 'the model is told what it is no longer', 'the first half of a new role', [
    '{no-longer}',
  ]),
  rule(
    'keeper',
    'block',
    'a demand for a secret that the model is supposed to keep',
    'what a prompt holds is told to whoever asks cleverly enough',
    [
      '{reveal} ~5 {password} ~4 {you-keep}',
      '{you-keep} ~5 {password} ~10 {reveal}',
      '{password} ~2 {you-keep} ~8 {reveal}',
    ],
  ),
  rule(
    'password',
    'flag',
    'a demand for a password or a key',
    'harmless where there is none, and asked by people who lost theirs',
    ['{told-aloud} ~2 {password}', '{reveal} ~2 {password}', '{password} ~2 {reveal-last}'],
  ),
  rule(
    'to-machine',
    'flag',
    'a text that turns to whatever machine reads it',
    'pages and mails carry such orders for the assistant that will read them',
    ['{to-machine}'],
  ),
  rule('behind-back', 'flag', 'an order to keep something from the user', 'who gives it is not the user', [
    '{behind-back}',
  ]),
  rule(
    'exfiltrate',
    'flag',
    'an order to send a conversation, credentials or data elsewhere',
    'the aim of most indirect injections',
    ['{send} ~5 {loot} ~8 {elsewhere}', '{loot} ~4 {elsewhere}'],
  ),
  rule(
    'authority',
    'flag',
    'a claim to be the developer, an administrator or the vendor',
    'models tend to believe it',
    ['{authority}'],
  ),
  rule(
    'template',
    'flag',
    "a chat template's own marks, or a pretended end of the prompt",
    'what follows is meant to be taken for another role',
    ['{template}'],
  ),
  rule(
    'endless',
    'flag',
    'an order to repeat something without an end',
    'it runs up costs, and has made models tell what they were trained on',
    ['{repeat} ~8 {endless}'],
  ),
  rule(
    'wrapped-order',
    'flag',
    'an order to decode something and to do what it says',
    'the order hides from whoever reads only the prompt',
    ['{wrapped} ~8 {then-do}', '{follow} ~6 {wrapped}'],
  ),
];
