/** Where a function's credentials come from: its environment, or the endpoint that AWS names where they change while it runs. */
import type { AwsCredentials } from './sigv4.ts';

export type CredentialSource = () => Promise<AwsCredentials>;

export interface CredentialEnvironment {
  AWS_ACCESS_KEY_ID?: string | undefined;
  AWS_SECRET_ACCESS_KEY?: string | undefined;
  AWS_SESSION_TOKEN?: string | undefined;
}

interface Held {
  credentials: AwsCredentials;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Fetched again so long before they expire. */
const REFRESH_BEFORE_MS = 300_000;
/** A call that is signed this shortly before might arrive too late. */
const UNUSABLE_BEFORE_MS = 10_000;

/** With fixed keys in the environment those; else what the container endpoint answers, kept until shortly before it expires. */
export const credentialsFrom = (env: CredentialEnvironment, now: () => number): CredentialSource => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (AWS_ACCESS_KEY_ID !== undefined && AWS_SECRET_ACCESS_KEY !== undefined) {
    const fixed = Promise.resolve({
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    });
    return () => fixed;
  }
  let held: Held | undefined;
  let fetching: Promise<Held> | undefined;
  const refreshed = (): Promise<Held> => {
    fetching ??= fetchHeld()
      .then((found) => {
        held = found;
        return found;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };
  return async () => {
    if (held === undefined || now() >= held.expiresAt - UNUSABLE_BEFORE_MS) {
      return (await refreshed()).credentials;
    }
    // Those at hand still serve, so nobody waits, and a failure is the next call's to try again.
    if (now() >= held.expiresAt - REFRESH_BEFORE_MS) refreshed().catch(() => undefined);
    return held.credentials;
  };
};

const fetchHeld = async (): Promise<Held> => {
  const { fromHttp } = await import('@aws-sdk/credential-provider-http');
  // One try: the caller's call is tried again, and its own waits are shorter than those here.
  const { expiration, ...credentials } = await fromHttp({ maxRetries: 0 })();
  return { credentials, expiresAt: expiration?.getTime() ?? Number.POSITIVE_INFINITY };
};
