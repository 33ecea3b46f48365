/** In whose account Bedrock is called: the function's own, or where AWS's services are emulated the one that is named for it. */
import type { AwsEnvironment, BedrockSettings } from '../../config/env.ts';
import { AppError } from '../../errors/app-error.ts';
import type { AwsConnection } from './aws-client.ts';

export type Account = Omit<AwsConnection, 'endpoint'>;

export const bedrockAccount = (
  env: BedrockSettings,
  { AWS_ENDPOINT_URL }: AwsEnvironment,
  own: Account,
): Account => {
  if (AWS_ENDPOINT_URL === undefined) return own;
  const { BEDROCK_ACCESS_KEY_ID, BEDROCK_SECRET_ACCESS_KEY, BEDROCK_SESSION_TOKEN, BEDROCK_REGION } = env;
  const region = BEDROCK_REGION ?? own.region;
  return {
    region,
    credentials: async () => {
      // An emulated service's credentials name nobody, so they are never sent to AWS.
      if (BEDROCK_ACCESS_KEY_ID === undefined || BEDROCK_SECRET_ACCESS_KEY === undefined) {
        throw new AppError('upstream_error', 'This gateway has no AWS credentials to call Bedrock with.', {
          retryable: false,
          fault: 'key_missing',
        });
      }
      return {
        accessKeyId: BEDROCK_ACCESS_KEY_ID,
        secretAccessKey: BEDROCK_SECRET_ACCESS_KEY,
        sessionToken: BEDROCK_SESSION_TOKEN,
      };
    },
  };
};
