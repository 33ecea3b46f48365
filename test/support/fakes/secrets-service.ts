/** Secrets Manager as its client sees it: values by name, and the service's own failures. */
import { AwsError } from '../../../shared/adapters/aws/aws-error.ts';
import type { SecretsClient } from '../../../shared/adapters/secrets/secrets-client.ts';
import { scriptedCalls } from './clients.ts';

export class SecretsService {
  readonly values = new Map<string, string>();
  readonly client: SecretsClient;
  readonly calls: string[] = [];
  isAway = false;
  /** Runs before each call is answered. */
  before: (operation: string) => void = () => undefined;
  /** Runs before what was answered arrives. */
  after: (operation: string) => void | Promise<void> = () => undefined;

  constructor() {
    this.client = scriptedCalls<SecretsClient>(async (name, input) => {
      this.calls.push(name);
      this.before(name);
      if (this.isAway) throw new AwsError('ConnectionError', 0);
      const answer = this.#answer(name, input as Record<string, string>);
      await this.after(name);
      return answer;
    });
  }

  #answer(
    operation: string,
    { SecretId = '', Name = '', SecretString = '' }: Record<string, string>,
  ): object {
    if (operation === 'CreateSecret') {
      if (this.values.has(Name)) throw new AwsError('ResourceExistsException', 400);
      this.values.set(Name, SecretString);
      return { Name };
    }
    const value = this.values.get(SecretId);
    if (value === undefined) throw new AwsError('ResourceNotFoundException', 400);
    if (operation === 'PutSecretValue') this.values.set(SecretId, SecretString);
    if (operation === 'DeleteSecret') this.values.delete(SecretId);
    return operation === 'GetSecretValue' ? { SecretString: value } : {};
  }
}
