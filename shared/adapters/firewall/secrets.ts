/** Credentials by their shape and, where they have one, their checksum; by the evenness of their characters where not. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface SecretSpan {
  rule: string;
  start: number;
  end: number;
}

interface SecretShape {
  id: string;
  /** A look that is cheaper than the pattern's. */
  hint: string | RegExp;
  pattern: RegExp;
  /** Which group is the secret; all of it where it is left out. */
  group?: number;
  holds?: (secret: string) => boolean;
}

/** Bits a character. Words have some three, random base64 of forty characters more than four. */
const entropyOf = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
};

const PLACEHOLDER =
  /example|your|xxxx|placeholder|dummy|sample|redacted|changeme|test_?key|1234567890|abcdefgh|\.\.\./i;
const LEAST_ENTROPY = 3;
const isRandom = (secret: string): boolean => !PLACEHOLDER.test(secret) && entropyOf(secret) >= LEAST_ENTROPY;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const GITHUB_CHECKSUM = 6;

/** The last six characters of GitHub's tokens are the CRC-32 of what stands before them. */
const isGithubToken = (token: string): boolean => {
  const body = token.slice(token.indexOf('_') + 1);
  let rest = crc32(body.slice(0, -GITHUB_CHECKSUM));
  let checksum = '';
  for (let place = 0; place < GITHUB_CHECKSUM; place++) {
    checksum = (BASE62[rest % 62] ?? '') + checksum;
    rest = Math.floor(rest / 62);
  }
  return checksum === body.slice(-GITHUB_CHECKSUM);
};

const OWN_CHECKSUM = 6;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** As `shared/services/api-keys.ts` makes them: six characters of a hash of the rest. */
const isOwnKey = (key: string): boolean => {
  const [, env = '', id = '', secret = ''] = key.split('_');
  if (id === 'admin') return true;
  const digest = hash('sha256', `${env}_${id}_${secret.slice(0, -OWN_CHECKSUM)}`, 'buffer');
  const bits = digest.readUInt32BE(0);
  let checksum = '';
  for (let place = 0; place < OWN_CHECKSUM; place++) checksum += CROCKFORD[(bits >>> (27 - place * 5)) & 31];
  return checksum === secret.slice(-OWN_CHECKSUM);
};

const partOf = (jwt: string, index: number): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
const isJwt = (token: string): boolean =>
  typeof partOf(token, 0)?.alg === 'string' && partOf(token, 1) !== undefined;

/** Each has a bounded length, and begins with a word of its own, so that every search is linear. */
export const SECRET_SHAPES: readonly SecretShape[] = [
  {
    id: 'secrets.own-key',
    hint: 'atp_',
    pattern: /\batp_[a-z0-9-]{1,32}_[0-9a-z]{4,32}_[0-9A-Za-z]{20,128}\b/g,
    holds: isOwnKey,
  },
  {
    id: 'secrets.private-key',
    hint: '-----BEGIN',
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\\rn]{1,8}[A-Za-z0-9+/=\s\\:,-]{64,16384}/g,
    holds: (block) => isRandom(block.slice(60)),
  },
  {
    id: 'secrets.aws-secret-key',
    hint: /secret_?access_?key/i,
    pattern: /secret_?access_?key["']?\s{0,4}[:=]{1,2}>?\s{0,4}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    group: 1,
    holds: (key) => isRandom(key) && /[a-z]/.test(key) && /[A-Z]/.test(key) && /\d/.test(key),
  },
  { id: 'secrets.aws-access-key-id', hint: 'A', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g, holds: isRandom },
  { id: 'secrets.github-token', hint: 'gh', pattern: /\bgh[pousr]_[0-9A-Za-z]{36}\b/g, holds: isGithubToken },
  {
    id: 'secrets.github-fine-grained',
    hint: 'github_pat_',
    pattern: /\bgithub_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}\b/g,
    holds: isRandom,
  },
  {
    id: 'secrets.slack-token',
    hint: 'xox',
    pattern: /\bxox[abposr]-(?:\d{1,14}-){1,3}[0-9A-Za-z]{16,64}\b/g,
    holds: isRandom,
  },
  {
    id: 'secrets.stripe-key',
    hint: '_live_',
    pattern: /\b[sr]k_live_[0-9A-Za-z]{24,99}\b/g,
    holds: isRandom,
  },
  {
    id: 'secrets.openai-key',
    hint: 'T3BlbkFJ',
    pattern: /\bsk-(?:[a-z]{1,12}-)?[0-9A-Za-z_-]{20,74}T3BlbkFJ[0-9A-Za-z_-]{20,74}\b/g,
    holds: isRandom,
  },
  {
    id: 'secrets.anthropic-key',
    hint: 'sk-ant-',
    pattern: /\bsk-ant-[a-z]{3,8}\d{2}-[0-9A-Za-z_-]{80,120}\b/g,
    holds: isRandom,
  },
  {
    id: 'secrets.jwt',
    hint: '.eyJ',
    pattern: /\beyJ[0-9A-Za-z_-]{10,400}\.eyJ[0-9A-Za-z_-]{10,8192}\.[0-9A-Za-z_-]{20,1024}/g,
    holds: isJwt,
  },
];

/** Sorted by where they begin. */
export const secretsIn = (text: string): SecretSpan[] => {
  const spans: SecretSpan[] = [];
  for (const { id, hint, pattern, group = 0, holds } of SECRET_SHAPES) {
    if (typeof hint === 'string' ? !text.includes(hint) : !hint.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const secret = match[group] ?? '';
      if (holds?.(secret) === false) continue;
      const start = match.index + match[0].indexOf(secret);
      spans.push({ rule: id, start, end: start + secret.length });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
};

export const MASK = '[REDACTED:SECRET]';

export const maskSecrets = (text: string): string => {
  let masked = '';
  let at = 0;
  for (const { start, end } of secretsIn(text)) {
    if (start < at) continue;
    masked += text.slice(at, start) + MASK;
    at = end;
  }
  return at === 0 ? text : masked + text.slice(at);
};
