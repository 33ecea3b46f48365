/**
 * A secret and the versions before it, as one value of the secret store: whoever reads it knows all that are still accepted,
 * and what was made under one names its version. A value that is no ring is a secret that was never rotated.
 */
import * as z from 'zod';

export interface SecretVersion {
  version: string;
  secret: string;
}

export interface FormerVersion extends SecretVersion {
  /** Milliseconds since the epoch from which on it is accepted no more; absent where what it made lives on. */
  until?: number | undefined;
}

export interface KeyRing {
  current: SecretVersion;
  /** Milliseconds since the epoch at which the current version was made; 0 where nobody noted it. */
  since: number;
  /** Newest first. */
  former: readonly FormerVersion[];
  /** The first version's secret: for names that have to stay the same over rotations. */
  root: string;
}

export const FIRST_VERSION = '1';

const secret = z.string().min(16);
const version = z.string().regex(/^[1-9][0-9]{0,8}$/);
const stored = z.strictObject({
  // First, so that a person can cut it out of the text.
  secret,
  version,
  since: z.number(),
  root: z.string().min(1),
  former: z.array(z.strictObject({ secret: z.string().min(1), version, until: z.number().optional() })),
});

const isRing = (text: string): boolean => text.startsWith('{"secret":');

/** Throws where the value begins like a ring and is none. */
export const parseRing = (text: string): KeyRing => {
  if (!isRing(text)) {
    return { current: { version: FIRST_VERSION, secret: text }, since: 0, former: [], root: text };
  }
  const ring = readStored(text);
  const { former, since, root } = ring;
  return { current: { version: ring.version, secret: ring.secret }, since, former, root };
};

/** A parser's own complaint may quote what it could not read. */
const readStored = (text: string): z.output<typeof stored> => {
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    throw new Error('the value begins like a ring of versions and is none');
  }
};

export const formatRing = ({ current, since, root, former }: KeyRing): string =>
  JSON.stringify({ secret: current.secret, version: current.version, since, root, former });

/** The version, if it is still accepted. */
export const versionOf = (ring: KeyRing, named: string, now: number): SecretVersion | undefined =>
  accepted(ring, now).find((one) => one.version === named);

export const accepted = ({ current, former }: KeyRing, now: number): SecretVersion[] => [
  current,
  ...former.filter(({ until }) => until === undefined || now < until),
];

export interface NextRing {
  secret: string;
  now: number;
  /** Which former versions stay; asked for each but the one that is replaced now, which always does. */
  keeps: (former: FormerVersion) => boolean;
  /** How long what is replaced is accepted, milliseconds; for as long as it is kept where this is left out. */
  overlapMs?: number | undefined;
}

export const nextRing = (ring: KeyRing, { secret: fresh, now, keeps, overlapMs }: NextRing): KeyRing => {
  const { current, former, root } = ring;
  const replaced = overlapMs === undefined ? current : { ...current, until: now + overlapMs };
  return {
    current: { version: String(Number(current.version) + 1), secret: fresh },
    since: now,
    former: [replaced, ...former.filter(keeps)],
    root,
  };
};
