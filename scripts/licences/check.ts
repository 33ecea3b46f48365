/** The licences of what a lock file names. Needs no network: npm writes them into the lock. */
import { isAllowed } from './spdx.ts';

/** What is bundled and deployed may be under these: permissive, or given away. */
const SHIPPED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Unlicense',
]);
/** What only runs here may keep its own files open too. */
const TOOLS: ReadonlySet<string> = new Set([...SHIPPED, 'MPL-2.0', 'Python-2.0', 'CC-BY-4.0', 'CC-BY-3.0']);

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

export interface Finding {
  readonly name: string;
  readonly licence: string;
}

export interface Checked {
  readonly counts: Readonly<Record<string, number>>;
  readonly refused: readonly Finding[];
}

export const checkLock = (lock: { readonly packages: Readonly<Record<string, Locked>> }): Checked => {
  const counts: Record<string, number> = {};
  const refused: Finding[] = [];
  for (const [path, { version, license = 'none', dev, devOptional, link }] of Object.entries(lock.packages)) {
    if (path === '' || link === true) continue;
    counts[license] = (counts[license] ?? 0) + 1;
    const isTool = dev === true || devOptional === true;
    if (isAllowed(license, isTool ? TOOLS : SHIPPED)) continue;
    refused.push({ name: `${path.replace(/^.*node_modules\//, '')}@${version ?? '?'}`, licence: license });
  }
  return { counts, refused };
};
