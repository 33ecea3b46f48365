/** What no log may hold: the secrets of its data directory, and whatever looks like a key or a token. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_LIKE = [
  /atp_[a-z0-9-]+_[0-9a-z]+_[0-9A-Za-z]{16,}/,
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}/,
];
/** Shorter ones would be found by chance. */
const SHORTEST = 12;

/** Of a key its secret part; of a ring each version. */
const partsOf = (value: string): string[] => {
  try {
    const { secret, former = [] } = JSON.parse(value) as { secret: string; former?: { secret: string }[] };
    return [secret, ...former.map((one) => one.secret)];
  } catch {
    return [value.startsWith('atp_') ? (value.split('_').at(-1) ?? value) : value];
  }
};

const secretsOf = (data: string): string[] => {
  const path = join(data, 'secrets.json');
  if (!existsSync(path)) return [];
  const kept = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
  return kept.flatMap(partsOf).filter((part) => part.length >= SHORTEST);
};

/** Names of the logs that hold one, and never the secret itself. */
export const logsWithSecrets = (data: string): string[] => {
  const logs = join(data, 'logs');
  if (!existsSync(logs)) return [];
  const secrets = secretsOf(data);
  return readdirSync(logs).filter((name) => {
    const text = readFileSync(join(logs, name), 'utf8');
    return secrets.some((secret) => text.includes(secret)) || SECRET_LIKE.some((like) => like.test(text));
  });
};
