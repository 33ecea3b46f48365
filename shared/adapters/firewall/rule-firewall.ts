/** All rules over all texts of a request. The version changes with every change of a rule or of a word. */
import type { FirewallFinding, FirewallRule } from '../../model/firewall.ts';
import type { FirewallText, PromptFirewall } from '../../ports/prompt-firewall.ts';
import { decodedIn, type Encoding } from './encoded.ts';
import { type Folded, fold } from './fold.ts';
import { hiddenIn, spelledByHidden } from './hidden-characters.ts';
import { PhraseMatcher, type Phrases } from './phrase-matcher.ts';
import { hasLongRun, repeatsWords } from './repetition.ts';
import { COMBINED, INJECTION_RULES } from './rules/injection.ts';
import { ORDERS } from './rules/orders.ts';
import { PLAIN_RULES } from './rules/plain-rules.ts';
import { TRICKS } from './rules/tricks.ts';
import { maskSecrets, secretsIn } from './secrets.ts';

export const FIREWALL_VERSION = '1';

export const FIREWALL_RULES: readonly FirewallRule[] = [...INJECTION_RULES, COMBINED, ...PLAIN_RULES];

const BY_ID = new Map(FIREWALL_RULES.map((rule) => [rule.id, rule]));
const NAMES = new Set(INJECTION_RULES.filter(({ isName }) => isName === true).map(({ id }) => id));

/** Characters in all. */
const MOST_CHARACTERS = 1_000_000;
/** So near before an order is it told of rather than given. */
const REPORTED_WITHIN = 2;
/** Suspicious phrases this near to each other count together: words. */
const TOGETHER_WITHIN = 120;
const MOST_DEPTH = 2;
const MOST_DECODED = 65_536;
/** UTF-16 units; longer texts have room of their own. */
const ROOM = 4_096;

interface Found {
  rule: string;
  action: FirewallRule['action'];
}

export const ruleFirewall = (): PromptFirewall => {
  const matcher = new PhraseMatcher({ ...ORDERS, ...TRICKS }, INJECTION_RULES, [
    'reported',
    'talk',
    'attack-talk',
  ]);
  const room = new Uint16Array(ROOM);

  const phrasesIn = (folded: Folded, isJoined = false): Found[] => {
    const phrases = matcher.match(folded, isJoined);
    return phrases.matches.length === 0 ? [] : judged(folded, phrases);
  };

  const decodedPhrases = (text: string, folded: Folded, depth: number, budget: { left: number }): Found[] => {
    const found: Found[] = [];
    const look = (encoding: Encoding, wrapped: string): void => {
      if (budget.left <= 0) return;
      const bounded = wrapped.slice(0, budget.left);
      budget.left -= bounded.length;
      const inner = fold(bounded);
      const blocked = [
        ...phrasesIn(inner),
        ...(depth < MOST_DEPTH ? decodedPhrases(bounded, inner, depth + 1, budget) : []),
      ].some(({ action }) => action === 'block');
      if (blocked) found.push({ rule: `encoded.${encoding}`, action: 'block' });
    };
    for (const { encoding, text: wrapped } of decodedIn(text)) look(encoding, wrapped);
    for (const joined of folded.joined)
      if (phrasesIn(fold(joined), true).some(({ action }) => action === 'block'))
        found.push({ rule: 'encoded.spelled', action: 'block' });
    return found;
  };

  const inspectOne = ({ text, trusted }: FirewallText): Found[] => {
    const found: Found[] = [];
    const plainly = (rule: string): void => {
      found.push({ rule, action: BY_ID.get(rule)?.action ?? 'flag' });
    };
    const budget = { left: MOST_DECODED };
    const folded = fold(text, room);
    const orders = [...phrasesIn(folded), ...decodedPhrases(text, folded, 1, budget)];
    const hidden = hiddenIn(text);
    for (const kind of hidden) plainly(`unicode.${kind}`);
    if (hidden.has('tags') || hidden.has('selectors')) {
      const spelled = fold(spelledByHidden(text));
      if (phrasesIn(spelled).length > 0) plainly('encoded.hidden');
    }
    for (const order of orders) found.push(trusted ? { ...order, action: 'flag' } : order);
    for (const { rule } of secretsIn(text)) plainly(rule);
    if (hasLongRun(text)) plainly('bombs.run');
    if (repeatsWords(folded)) plainly('bombs.words');
    return found;
  };

  return {
    version: FIREWALL_VERSION,
    inspect: (texts) => {
      const found = new Map<string, FirewallRule['action']>();
      let size = 0;
      for (const text of texts) {
        size += text.text.length;
        for (const { rule, action } of inspectOne(text))
          if (found.get(rule) !== 'block') found.set(rule, action);
      }
      if (size > MOST_CHARACTERS) found.set('bombs.size', 'flag');
      return [...found].map(
        ([rule, action]): FirewallFinding => ({
          rule,
          action,
          category: BY_ID.get(rule)?.category ?? 'injection',
        }),
      );
    },
    mask: maskSecrets,
  };
};

/** What is told, quoted or warned of is only flagged where the text speaks of such things. */
const judged = ({ quoted, sentences }: Folded, { matches, places }: Phrases): Found[] => {
  const reported = places.get('reported') ?? [];
  const speaksOf = (concept: string): boolean =>
    (places.get(concept) ?? []).some(({ start }) => quoted[start] !== 1);
  const speaksOfAttacks = speaksOf('attack-talk');
  const speaksOfPhrases = speaksOfAttacks || speaksOf('talk');
  const found: Found[] = [];
  const weak: { rule: string; start: number; end: number }[] = [];
  for (const { rule, start, end } of matches) {
    const action = BY_ID.get(rule)?.action ?? 'flag';
    const isQuoted = quoted[start] === 1 && quoted[end] === 1;
    const isName = NAMES.has(rule);
    const isTold =
      !isName &&
      reported.some(
        (place) =>
          place.end < start &&
          start - place.end <= REPORTED_WITHIN &&
          sentences[place.end] === sentences[start],
      );
    const isMentioned = isQuoted ? speaksOfPhrases : isName && speaksOfAttacks;
    if (action === 'block' && !isTold && !isMentioned) found.push({ rule, action });
    else {
      found.push({ rule, action: 'flag' });
      if (action === 'flag' && !isTold && !isQuoted) weak.push({ rule, start, end });
    }
  }
  if (weak.some((one) => weak.some((other) => isApart(one, other))))
    found.push({ rule: COMBINED.id, action: speaksOfAttacks ? 'flag' : COMBINED.action });
  return found;
};

interface Span {
  rule: string;
  start: number;
  end: number;
}

/** Two different rules, not the same words, near each other. */
const isApart = (one: Span, other: Span): boolean =>
  one.rule !== other.rule && other.start > one.end && other.start - one.end <= TOGETHER_WITHIN;
