/** The part of AWS Secrets Manager that is used here, over a file. */
import { createHash } from 'node:crypto';
import { ServiceError } from './json-reply.ts';
import type { SecretFile } from './secret-file.ts';

export interface SecretsInput {
  SecretId?: unknown;
  Name?: unknown;
  SecretString?: unknown;
}

const text = (value: unknown, field: string): string => {
  if (typeof value === 'string' && value.length > 0 && value.length <= 65_536) return value;
  throw new ServiceError('InvalidParameterException', `${field} is missing or not valid`);
};

const notFound = (): ServiceError =>
  new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

const described = (name: string, value: string) => ({
  ARN: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`,
  Name: name,
  VersionId: createHash('sha256').update(value).digest('hex').slice(0, 32),
});

export const secretsManager =
  (secrets: SecretFile) =>
  (operation: string, input: SecretsInput): unknown => {
    switch (operation) {
      case 'GetSecretValue': {
        const name = text(input.SecretId, 'SecretId');
        const value = secrets.get(name);
        if (value === undefined) throw notFound();
        return { ...described(name, value), SecretString: value, VersionStages: ['AWSCURRENT'] };
      }
      case 'CreateSecret': {
        const name = text(input.Name, 'Name');
        const value = text(input.SecretString, 'SecretString');
        if (secrets.get(name) !== undefined) {
          throw new ServiceError('ResourceExistsException', 'A secret of that name already exists.');
        }
        secrets.set(name, value);
        return described(name, value);
      }
      case 'PutSecretValue': {
        const name = text(input.SecretId, 'SecretId');
        const value = text(input.SecretString, 'SecretString');
        if (secrets.get(name) === undefined) throw notFound();
        secrets.set(name, value);
        return { ...described(name, value), VersionStages: ['AWSCURRENT'] };
      }
      case 'DeleteSecret': {
        const name = text(input.SecretId, 'SecretId');
        if (!secrets.delete(name)) throw notFound();
        return { Name: name, DeletionDate: Date.now() / 1000 };
      }
      default:
        throw new ServiceError('UnknownOperationException', 'That operation is not emulated');
    }
  };
