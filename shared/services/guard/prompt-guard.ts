/**
 * What becomes of a request that the prompt firewall finds something in, by its policy. It fails closed: a rule that throws
 * refuses the request. Of what was found only the rules' names are told, logged and written down.
 */
import { AppError } from '../../errors/app-error.ts';
import type { ChatBody } from '../../model/chat.ts';
import {
  FIREWALL_CATEGORIES,
  type FirewallFinding,
  type FirewallRecord,
  type FirewallSettings,
} from '../../model/firewall.ts';
import type { PromptFirewall } from '../../ports/prompt-firewall.ts';
import { firewallTexts, mapTexts } from './firewall-texts.ts';

/** The log's view of it. */
export interface FirewallFacts {
  firewall?: FirewallRecord & { blocked: boolean };
}

export interface Guarded {
  /** What was found and let pass. */
  firewall?: FirewallRecord;
  /** The chat without credentials, where it holds some. */
  masked?: ChatBody;
}

const NOTHING: Guarded = {};

export class PromptGuard {
  readonly #open: () => PromptFirewall;
  #firewall: PromptFirewall | undefined;

  /** The rules are put together when they are first needed. */
  constructor(open: () => PromptFirewall) {
    this.#open = open;
  }

  warm(): void {
    this.#firewall ??= this.#open();
  }

  /** Throws `blocked`. */
  check(chat: ChatBody, settings: FirewallSettings = {}, facts: FirewallFacts = {}): Guarded {
    if (FIREWALL_CATEGORIES.every((category) => settings[category] === 'allow')) return NOTHING;
    this.#firewall ??= this.#open();
    const firewall = this.#firewall;
    const found = firewall
      .inspect(firewallTexts(chat))
      .filter(({ category }) => settings[category] !== 'allow');
    if (found.length === 0) return NOTHING;
    const record = { version: firewall.version, rules: found.map(({ rule }) => rule).sort() };
    const blocking = found.filter(({ category, action }) => (settings[category] ?? action) === 'block');
    facts.firewall = { ...record, blocked: blocking.length > 0 };
    if (blocking.length > 0) throw blocked(firewall.version, blocking);
    const hasSecrets = found.some(({ category }) => category === 'secrets');
    return {
      firewall: record,
      ...(hasSecrets ? { masked: mapTexts(chat, (text) => firewall.mask(text)) } : {}),
    };
  }
}

const blocked = (version: string, findings: readonly FirewallFinding[]): AppError => {
  const names = findings.map(({ rule, category }) => `${rule} (${category})`).join(', ');
  return new AppError('blocked', `The prompt was blocked by the prompt firewall: ${names}.`, {
    extensions: {
      firewall: { version, rules: findings.map(({ rule, category }) => ({ id: rule, category })) },
    },
  });
};
