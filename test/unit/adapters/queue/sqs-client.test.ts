import { describe, expect, it } from 'vitest';
import { makeSqsClient } from '../../../../shared/adapters/queue/sqs-client.ts';
import { servedClients } from '../../../support/fakes/aws-server.ts';

const served = servedClients();

describe("SQS's client", () => {
  it('sends a batch to the queue of its address, signed for SQS', async () => {
    served.server.answer = () => ({ body: '{"Successful":[],"Failed":[{"Id":"0"}]}' });
    const { endpoint, ...account } = served.connected();
    const queueUrl = `${endpoint}/000000000000/letters`;
    const client = served.closing(makeSqsClient({ ...account, queueUrl }));

    const reply = await client.call('SendMessageBatch', { Entries: [{ Id: '0', MessageBody: '{}' }] });

    const [call] = served.server.calls;
    expect(reply.Failed).toEqual([{ Id: '0' }]);
    expect(JSON.parse(call?.body ?? '')).toEqual({
      QueueUrl: queueUrl,
      Entries: [{ Id: '0', MessageBody: '{}' }],
    });
    expect(call?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessageBatch',
      authorization: expect.stringContaining('/eu-central-1/sqs/aws4_request'),
    });
  });

  it('asks where it is told to, whatever the address of the queue', async () => {
    const queueUrl = 'http://queues.invalid/000000000000/letters';
    const client = served.closing(makeSqsClient({ ...served.connected(), queueUrl }));

    await client.call('SendMessage', { MessageBody: '{}' });

    expect(JSON.parse(served.server.calls[0]?.body ?? '')).toMatchObject({ QueueUrl: queueUrl });
  });
});
