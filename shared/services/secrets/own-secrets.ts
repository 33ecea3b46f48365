/** The stage's own secrets: what is made under each, and so how one is rotated. No provider's key is among them. */

import { AUDIT_SECRET } from '../audit/audit-key.ts';
import { BOOTSTRAP_SECRET } from '../authenticate.ts';
import { PEPPER_SECRET } from '../pepper.ts';
import { REPLY_SECRET, SOCKET_SECRET } from '../sealer.ts';
import type { FormerVersion } from './key-ring.ts';

const HOUR_MS = 3_600_000;

/** What is known when a version is replaced. */
export interface RotationFacts {
  now: number;
  /** Versions of the pepper that some key's hash was made under. */
  pepperVersionsInUse: ReadonlySet<string>;
}

export interface OwnSecret {
  name: string;
  /** How long a replaced version is accepted; for as long as it is kept where this is left out. */
  overlapMs?: number;
  /** Of a version that was replaced at an earlier rotation. */
  keeps(former: FormerVersion, facts: RotationFacts): boolean;
}

export const OWN_SECRETS: readonly OwnSecret[] = [
  // For as long as a key is hashed under it.
  { name: PEPPER_SECRET, keeps: ({ version }, { pepperVersionsInUse }) => pepperVersionsInUse.has(version) },
  { name: BOOTSTRAP_SECRET, overlapMs: HOUR_MS, keeps: () => false },
  // For as long as there are entries that it signed.
  { name: AUDIT_SECRET, keeps: () => true },
  // Longer than anything that was sealed under it is kept.
  { name: REPLY_SECRET, overlapMs: 48 * HOUR_MS, keeps: ({ until = 0 }, { now }) => until > now },
  { name: SOCKET_SECRET, overlapMs: 3 * HOUR_MS, keeps: ({ until = 0 }, { now }) => until > now },
];

export const OWN_SECRET_NAMES: readonly string[] = OWN_SECRETS.map(({ name }) => name);
