/** The deployed `rotate-secret`, driven step by step as Secrets Manager would. */
import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRing } from '../../../../shared/services/secrets/key-ring.ts';
import { OWN_SECRET_NAMES } from '../../../../shared/services/secrets/own-secrets.ts';
import { ROTATION_STEPS } from '../../../../shared/services/secrets/rotation.ts';
import { CREDENTIALS } from '../ministack.ts';
import type { EmulatorTarget } from '../target.ts';

export const rotation = (deployed: () => EmulatorTarget) =>
  describe('rotation in a deployed stage', () => {
    let target: EmulatorTarget;
    let lambda: LambdaClient;
    let secrets: SecretsManagerClient;

    beforeAll(() => {
      target = deployed();
      const client = {
        endpoint: target.endpoint,
        region: CREDENTIALS.AWS_REGION,
        credentials: {
          accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
          secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
        },
      };
      lambda = new LambdaClient(client);
      secrets = new SecretsManagerClient(client);
    });

    afterAll(() => {
      lambda.destroy();
      secrets.destroy();
    });

    /** The error's name, or undefined where the step was done. */
    const step = async (
      Step: string,
      name: string,
      ClientRequestToken: string,
    ): Promise<string | undefined> => {
      const { ARN: SecretId } = await secrets.send(
        new DescribeSecretCommand({ SecretId: `atp/dev/${name}` }),
      );
      const { FunctionError } = await lambda.send(
        new InvokeCommand({
          FunctionName: 'atp-dev-rotate-secret',
          Qualifier: 'live',
          Payload: Buffer.from(JSON.stringify({ Step, SecretId, ClientRequestToken })),
        }),
      );
      return FunctionError;
    };

    const rotate = async (name: string): Promise<void> => {
      const token = randomUUID();
      for (const one of ROTATION_STEPS) expect(await step(one, name, token)).toBeUndefined();
      // Again, as after a lost reply.
      for (const one of ROTATION_STEPS) expect(await step(one, name, token)).toBeUndefined();
    };

    const readSecret = async (name: string): Promise<string> =>
      (await secrets.send(new GetSecretValueCommand({ SecretId: `atp/dev/${name}` }))).SecretString ?? '';

    const call = (key: string, path: string, body?: object): Promise<Response> =>
      fetch(target.url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });

    const makeKey = async (): Promise<string> => {
      const made = await call(target.adminKey, '/admin/keys', { tenant_id: 'acme' });
      expect(made.status).toBe(201);
      return ((await made.json()) as { key: string }).key;
    };

    test('puts a new version of each secret in force, and every key goes on', async () => {
      const began = new Date().toISOString();
      const before = await makeKey();
      const first = new Map<string, string>();
      for (const name of OWN_SECRET_NAMES) first.set(name, await readSecret(name));

      for (const name of OWN_SECRET_NAMES) await rotate(name);

      for (const name of OWN_SECRET_NAMES) {
        const ring = parseRing(await readSecret(name));
        expect([ring.current.version, ring.former[0]?.secret]).toEqual(['2', first.get(name)]);
      }
      const after = await makeKey();
      for (const key of [before, after]) expect((await call(key, '/v1/models')).status).toBe(200);
      const renewed = `atp_dev_admin_${parseRing(await readSecret('admin-key')).current.secret}`;
      // An instance has the former version for a minute at most.
      await expect
        .poll(async () => (await call(renewed, '/admin/keys')).status, { timeout: 75_000, interval: 1_000 })
        .toBe(200);
      expect((await call(target.adminKey, '/admin/keys')).status).toBe(200);
      const audit = await call(target.adminKey, `/admin/audit?action=POST%20/admin/keys&since=${began}`);
      expect(((await audit.json()) as unknown[]).length).toBe(4);
    });

    test('changes nothing where the test fails', async () => {
      const token = randomUUID();
      const current = await readSecret('pepper');
      await secrets.send(
        new PutSecretValueCommand({
          SecretId: 'atp/dev/pepper',
          ClientRequestToken: token,
          SecretString: 'a-version-that-knows-nothing-of-the-keys-there-are',
          VersionStages: ['AWSPENDING'],
        }),
      );

      expect(await step('testSecret', 'pepper', token)).toBeDefined();
      expect(await step('finishSecret', 'pepper', token)).toBeDefined();
      expect(await readSecret('pepper')).toBe(current);
    });
  });
