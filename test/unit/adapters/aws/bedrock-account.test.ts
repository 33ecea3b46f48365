import { describe, expect, it } from 'vitest';
import { bedrockAccount } from '../../../../shared/adapters/aws/bedrock-account.ts';
import { awsEnv } from '../../../../shared/config/env.ts';

const own = { region: 'eu-west-1', credentials: async () => ({ accessKeyId: 'role', secretAccessKey: 's' }) };
const emulated = awsEnv.parse({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });

describe('in whose account Bedrock is called', () => {
  it("is the function's own on AWS, whatever else is named", async () => {
    const named = { BEDROCK_ACCESS_KEY_ID: 'other', BEDROCK_SECRET_ACCESS_KEY: 's' };
    const account = bedrockAccount(named, awsEnv.parse({ AWS_REGION: 'eu-west-1' }), own);

    expect(account).toBe(own);
  });

  it('is the one that is named for it where AWS is emulated', async () => {
    const { region, credentials } = bedrockAccount(
      {
        BEDROCK_ACCESS_KEY_ID: 'mine',
        BEDROCK_SECRET_ACCESS_KEY: 's',
        BEDROCK_SESSION_TOKEN: 't',
        BEDROCK_REGION: 'us-west-2',
      },
      emulated,
      own,
    );

    expect(region).toBe('us-west-2');
    expect(await credentials()).toEqual({ accessKeyId: 'mine', secretAccessKey: 's', sessionToken: 't' });
  });

  it('is nobody’s there otherwise: the emulated credentials are never used', async () => {
    const { region, credentials } = bedrockAccount({}, emulated, own);

    expect(region).toBe('eu-west-1');
    await expect(credentials()).rejects.toMatchObject({ code: 'upstream_error', retryable: false });
  });
});
