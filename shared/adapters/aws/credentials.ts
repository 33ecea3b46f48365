/** Where a function's credentials come from: its environment, or the endpoint that AWS names where they change while it runs. */
import type { AwsCredentials } from './sigv4.ts';

export type CredentialSource = () => Promise<AwsCredentials>;

export interface CredentialEnvironment {
  AWS_ACCESS_KEY_ID?: string | undefined;
  AWS_SECRET_ACCESS_KEY?: string | undefined;
  AWS_SESSION_TOKEN?: string | undefined;
}

/** Fetched again so long before they expire. */
const REFRESH_BEFORE_MS = 300_000;

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
  let current: Promise<AwsCredentials> | undefined;
  let refreshAt = 0;
  const fetchThem = async (): Promise<AwsCredentials> => {
    const { fromHttp } = await import('@aws-sdk/credential-provider-http');
    const found = await fromHttp()();
    refreshAt = (found.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - REFRESH_BEFORE_MS;
    return found;
  };
  return () => {
    if (current === undefined || now() >= refreshAt) {
      refreshAt = Number.POSITIVE_INFINITY;
      current = fetchThem().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
    }
    return current;
  };
};
