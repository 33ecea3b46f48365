import { describe, expect, it } from 'vitest';
import { connections } from '../../../../shared/adapters/aws/connection.ts';
import { awsEnv } from '../../../../shared/config/env.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

const endpointsOf = (env: Record<string, string>): string[] => {
  const { dynamodb, lambda, secrets } = connections(awsEnv.parse({ ...KEYS, ...env }), new ManualClock());
  return [dynamodb.endpoint, lambda.endpoint, secrets.endpoint];
};

describe('where the services are', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      "AWS's own of the region",
      { AWS_REGION: 'eu-central-1' },
      [
        'https://dynamodb.eu-central-1.amazonaws.com',
        'https://lambda.eu-central-1.amazonaws.com',
        'https://secretsmanager.eu-central-1.amazonaws.com',
      ],
    ],
    [
      "AWS's own in China",
      { AWS_REGION: 'cn-north-1' },
      [
        'https://dynamodb.cn-north-1.amazonaws.com.cn',
        'https://lambda.cn-north-1.amazonaws.com.cn',
        'https://secretsmanager.cn-north-1.amazonaws.com.cn',
      ],
    ],
    [
      'one place for all',
      { AWS_REGION: 'r', AWS_ENDPOINT_URL: 'http://all:1' },
      ['http://all:1', 'http://all:1', 'http://all:1'],
    ],
    [
      'a place for each',
      {
        AWS_REGION: 'r',
        AWS_ENDPOINT_URL_DYNAMODB: 'http://tables:1',
        AWS_ENDPOINT_URL_LAMBDA: 'http://fns:2',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://keys:3',
      },
      ['http://tables:1', 'http://fns:2', 'http://keys:3'],
    ],
    [
      'a place for one before the one for all',
      { AWS_REGION: 'r', AWS_ENDPOINT_URL: 'http://all:1', AWS_ENDPOINT_URL_DYNAMODB: 'http://tables:1' },
      ['http://tables:1', 'http://all:1', 'http://all:1'],
    ],
  ])('is %s', (_, env, expected) => {
    expect(endpointsOf(env)).toEqual(expected);
  });
});

describe('connections', () => {
  it('sign for the region, with one source of credentials', async () => {
    const env = awsEnv.parse({ ...KEYS, AWS_REGION: 'eu-west-1' });

    const { dynamodb, lambda } = connections(env, new ManualClock());

    expect([dynamodb.region, lambda.region]).toEqual(['eu-west-1', 'eu-west-1']);
    expect(dynamodb.credentials).toBe(lambda.credentials);
    expect(await dynamodb.credentials()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret' });
  });

  it('need a region', () => {
    expect(() => awsEnv.parse(KEYS)).toThrow('AWS_REGION');
  });
});
