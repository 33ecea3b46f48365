/** Shows, with the very code that uses a secret, that what was made under its current value is good under the next one. */
import { createSecretKey } from 'node:crypto';
import type { Random } from '../../ports/runtime.ts';
import { AUDIT_SECRET } from '../audit/audit-key.ts';
import { extend, macOf } from '../audit/chain.ts';
import { BOOTSTRAP_SECRET } from '../authenticate.ts';
import { PEPPER_SECRET, Pepper } from '../pepper.ts';
import { REPLY_SECRET, Sealer, SOCKET_SECRET } from '../sealer.ts';
import { accepted, type KeyRing, parseRing } from './key-ring.ts';

export interface OverlapDeps {
  random: Random;
  now: number;
}

/** Throws, without a word of either, where it is not so. */
export const proveOverlap = async (
  name: string,
  currentText: string,
  nextText: string,
  deps: OverlapDeps,
): Promise<void> => {
  const [current, next] = [parseRing(currentText), parseRing(nextText)];
  assert(next.current.version === String(Number(current.current.version) + 1), 'it is not the next version');
  assert(next.current.secret !== current.current.secret, 'it is the same secret again');
  assert(next.current.secret.length >= LEAST_SECRET, 'it is too short');
  assert(next.root === current.root, 'names would change');
  const proof = PROOFS[name];
  assert(proof !== undefined, 'nothing is known of its use');
  await proof?.({ name, current, next, currentText, nextText }, deps);
};

const LEAST_SECRET = 32;

interface Rings {
  name: string;
  current: KeyRing;
  next: KeyRing;
  currentText: string;
  nextText: string;
}

type Proof = (rings: Rings, deps: OverlapDeps) => void | Promise<void>;

const assert = (holds: boolean, why: string): void => {
  if (!holds) throw new Error(`the pending version does not serve: ${why}`);
};

const over = (text: string) => {
  const get = async (): Promise<string> => text;
  return { get, refresh: get, put: async () => undefined, delete: async () => undefined };
};

const provePepper: Proof = async ({ currentText, nextText }) => {
  const [before, after] = [new Pepper(over(currentText)), new Pepper(over(nextText))];
  const probe = 'a secret part to try it with';
  assert(await after.matches(probe, await before.hash(probe)), 'keys would be refused');
  assert(await after.matches(probe, await after.hash(probe)), 'new keys would be refused');
};

const proveBootstrap: Proof = ({ current, next }, { now }) => {
  const secrets = accepted(next, now).map(({ secret }) => secret);
  assert(secrets.includes(current.current.secret), 'the key in use would be refused at once');
  assert(secrets.includes(next.current.secret), 'the new key would be refused');
};

const proveSealing: Proof = async ({ name, currentText, nextText }, { random }) => {
  const [before, after] = [currentText, nextText].map(
    (text) => new Sealer({ secrets: over(text), random, secret: name }),
  ) as [Sealer, Sealer];
  const opened = await after.open('rotation', await before.seal('rotation', 'kept'));
  assert(opened === 'kept', 'what is kept would not open');
  assert((await before.hash('name')) === (await after.hash('name')), 'names would change');
};

const proveSigning: Proof = ({ current, next }, { now }) => {
  const known = new Map([next.current, ...next.former].map(({ version, secret }) => [version, secret]));
  for (const { version, secret } of [current.current, ...current.former]) {
    const event = {
      id: '',
      at: new Date(now).toISOString(),
      kind: 'system',
      action: '',
      outcome: 'succeeded',
    } as const;
    const key = createSecretKey(secret, 'utf8');
    const [entry] = extend('rotation', undefined, [event], { version, key }).entries;
    const later = known.get(version);
    assert(later !== undefined && entry !== undefined, 'entries could not be verified any more');
    const mac = macOf(createSecretKey(later ?? '', 'utf8'), entry?.document ?? '');
    assert(mac === entry?.mac, 'entries could not be verified any more');
  }
};

const PROOFS: Readonly<Record<string, Proof>> = {
  [PEPPER_SECRET]: provePepper,
  [BOOTSTRAP_SECRET]: proveBootstrap,
  [AUDIT_SECRET]: proveSigning,
  [REPLY_SECRET]: proveSealing,
  [SOCKET_SECRET]: proveSealing,
};
