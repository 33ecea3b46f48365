/** The one way to make a DynamoDB client: keep-alive, short time-outs, few attempts. Region and endpoint come from the AWS environment. */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

const CONNECT_TIMEOUT_MS = 500;
const REQUEST_TIMEOUT_MS = 2_000;

export const makeDynamoClient = (overrides: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...overrides,
  });
