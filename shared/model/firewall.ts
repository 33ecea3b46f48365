/** What the prompt firewall looks for, what it found, and what a policy has done about it. */

/** Phrases that give a model orders, characters that nobody sees, what is wrapped up, credentials, and what only fills. */
export const FIREWALL_CATEGORIES = ['injection', 'unicode', 'encoded', 'secrets', 'bombs'] as const;
export type FirewallCategory = (typeof FIREWALL_CATEGORIES)[number];

/** Each stricter than the one before. */
export const FIREWALL_ACTIONS = ['allow', 'flag', 'block'] as const;
export type FirewallAction = (typeof FIREWALL_ACTIONS)[number];

/** What is done about a category; what each rule says by itself where it is left out. */
export type FirewallSettings = Partial<Record<FirewallCategory, FirewallAction>>;

/** A rule as operators see it; what it finds, how and why stand beside it. */
export interface FirewallRule {
  id: string;
  category: FirewallCategory;
  /** What is done where the policy does not say. */
  action: Exclude<FirewallAction, 'allow'>;
}

export interface FirewallFinding {
  rule: string;
  category: FirewallCategory;
  /** The rule's own, or less where the text only speaks of such things. */
  action: FirewallRule['action'];
}

/** What is written down of it: never the text. */
export interface FirewallRecord {
  version: string;
  rules: string[];
}
