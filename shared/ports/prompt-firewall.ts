import type { FirewallFinding } from '../model/firewall.ts';

export interface FirewallText {
  text: string;
  /** Who speaks for the caller, or the model itself, may say what others may not. */
  trusted: boolean;
}

/** Finds what should not reach a model. Pure, and linear in the texts' length. */
export interface PromptFirewall {
  /** Of its rules. */
  readonly version: string;
  /** Each rule once. */
  inspect(texts: readonly FirewallText[]): FirewallFinding[];
  /** The text without the credentials in it. */
  mask(text: string): string;
}
