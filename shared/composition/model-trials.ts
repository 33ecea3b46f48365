/** What calls a model once for an operator, put together when it is first wanted. */
import { bedrockAccount } from '../adapters/aws/bedrock-account.ts';
import type { AwsEnvironment, BedrockSettings } from '../config/env.ts';
import type { Adapter } from '../model/adapter.ts';
import type { Clock } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { type ModelTrial, tryModel } from '../services/health/try-model.ts';
import { modelClients } from './model-clients.ts';

export interface ModelTrialDeps {
  secrets: Pick<SecretStore, 'get'>;
  clock: Clock;
  env: BedrockSettings & { ALLOW_PRIVATE_URLS: boolean };
  variables: AwsEnvironment;
  account: Parameters<typeof bedrockAccount>[2];
}

export const modelTrials = ({ secrets, clock, env, variables, account }: ModelTrialDeps) => {
  const clients = modelClients({
    secrets,
    clock,
    allowPrivate: env.ALLOW_PRIVATE_URLS,
    bedrock: () => bedrockAccount(env, variables, account),
  });
  return (adapter: Adapter, requestId: string): Promise<ModelTrial> =>
    tryModel({ ...clients, clock }, adapter, requestId);
};
