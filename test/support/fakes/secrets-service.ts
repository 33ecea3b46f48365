/** Secrets Manager as its client sees it: values by name, and the service's own failures. */
import {
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { scriptedClient } from './clients.ts';

const details = { message: 'no', $metadata: {} };

export class SecretsService {
  readonly values = new Map<string, string>();
  readonly client: SecretsManagerClient;
  readonly calls: string[] = [];
  isAway = false;
  /** Runs before each call is answered. */
  before: (operation: string) => void = () => undefined;
  /** Runs before what was answered arrives. */
  after: (operation: string) => void | Promise<void> = () => undefined;

  constructor() {
    this.client = scriptedClient<SecretsManagerClient>(async ({ name, input }) => {
      this.calls.push(name);
      this.before(name);
      if (this.isAway) throw new Error('connect ECONNREFUSED');
      const answer = this.#answer(name, input as Record<string, string>);
      await this.after(name);
      return answer;
    }).client;
  }

  #answer(
    operation: string,
    { SecretId = '', Name = '', SecretString = '' }: Record<string, string>,
  ): object {
    if (operation === 'CreateSecret') {
      if (this.values.has(Name)) throw new ResourceExistsException(details);
      this.values.set(Name, SecretString);
      return { Name };
    }
    const value = this.values.get(SecretId);
    if (value === undefined) throw new ResourceNotFoundException(details);
    if (operation === 'PutSecretValue') this.values.set(SecretId, SecretString);
    if (operation === 'DeleteSecret') this.values.delete(SecretId);
    return operation === 'GetSecretValue' ? { SecretString: value } : {};
  }
}
