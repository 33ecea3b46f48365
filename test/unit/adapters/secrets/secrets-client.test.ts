import { describe, expect, it } from 'vitest';
import { isMissing, isThere, makeSecretsClient } from '../../../../shared/adapters/secrets/secrets-client.ts';
import { servedClients } from '../../../support/fakes/aws-server.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const served = servedClients();

const connected = () => served.closing(makeSecretsClient({ ...served.connected(), random: seededRandom() }));

const refused = (name: string) => ({ status: 400, body: JSON.stringify({ __type: name }) });

describe("Secrets Manager's client", () => {
  it('asks as the service wants to be asked, signed for it', async () => {
    served.server.answer = () => ({ body: '{"SecretString":"s"}' });

    const reply = await connected().call('GetSecretValue', { SecretId: 'atp/x/key' });

    const [call] = served.server.calls;
    expect(reply).toEqual({ SecretString: 's' });
    expect(JSON.parse(call?.body ?? '')).toEqual({ SecretId: 'atp/x/key' });
    expect(call?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
      authorization: expect.stringContaining('/eu-central-1/secretsmanager/aws4_request'),
    });
  });

  it.each(['CreateSecret', 'PutSecretValue'] as const)(
    'makes no second version when %s has to be repeated',
    async (operation) => {
      served.answering('reset', { body: '{}' });

      await connected().call(operation, { SecretId: 'k', Name: 'k', SecretString: 'v' });

      const tokens = served.server.calls.map(({ body }) => JSON.parse(body).ClientRequestToken);
      expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), tokens[0]]);
    },
  );

  it('makes another version for another value', async () => {
    const client = connected();
    await client.call('PutSecretValue', { SecretId: 'k', SecretString: 'v' });
    await client.call('PutSecretValue', { SecretId: 'k', SecretString: 'w' });

    const [first, second] = served.server.calls.map(({ body }) => JSON.parse(body).ClientRequestToken);

    expect(first).not.toBe(second);
  });

  it('leaves the name of a version to whoever gives one', async () => {
    await connected().call('PutSecretValue', {
      SecretId: 'k',
      SecretString: 'v',
      ClientRequestToken: 'mine',
    });

    expect(JSON.parse(served.server.calls[0]?.body ?? '')).toMatchObject({ ClientRequestToken: 'mine' });
  });

  it.each([
    ['ResourceNotFoundException', [true, false]],
    ['ResourceExistsException', [false, true]],
    ['AccessDeniedException', [false, false]],
  ])('tells %s apart', async (name, expected) => {
    served.server.answer = () => refused(name);

    const failing = connected().call('DescribeSecret', { SecretId: 'k' });

    const error: unknown = await failing.catch((caught: unknown) => caught);
    expect([isMissing(error), isThere(error)]).toEqual(expected);
  });

  it('gives up a service that does not answer after its second try', async () => {
    served.server.answer = () => ({ status: 503 });

    await expect(connected().call('GetSecretValue', { SecretId: 'k' })).rejects.toMatchObject({
      status: 503,
    });

    expect(served.server.calls).toHaveLength(2);
  });
});
