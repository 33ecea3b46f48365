import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { S3Objects } from '../../../../shared/adapters/aws/s3-objects.ts';
import { failure, servedClients } from '../../../support/fakes/aws-server.ts';

const served = servedClients();
const BODY = '{"seq":1}\n{"seq":2}\n';
const digest = (encoding: 'hex' | 'base64'): string => createHash('sha256').update(BODY).digest(encoding);
const bucket = (path = '/audit') => new S3Objects({ ...served.connected(), path });

describe('an object', () => {
  it('is put into the bucket, signed, with the checksum that a locked bucket asks for', async () => {
    await bucket().put('2026/11/default-1.ndjson', BODY);

    const [call] = served.server.calls;
    expect(call).toMatchObject({
      method: 'PUT',
      path: '/audit/2026/11/default-1.ndjson',
      headers: {
        'content-type': 'application/x-ndjson',
        'x-amz-content-sha256': digest('hex'),
        'x-amz-checksum-sha256': digest('base64'),
      },
      body: BODY,
    });
    expect(call?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\//,
    );
    expect(call?.headers.authorization).toContain('x-amz-checksum-sha256');
  });

  it('is put at the top where the bucket is in the host name', async () => {
    await bucket('').put('a.ndjson', BODY);

    expect(served.server.calls[0]?.path).toBe('/a.ndjson');
  });

  it('is put again after a failure that passes', async () => {
    served.answering(failure('InternalError', 500));

    await bucket().put('a.ndjson', BODY);

    expect(served.server.calls).toHaveLength(2);
  });

  it('that is refused is an error', async () => {
    served.server.answer = () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });

    await expect(bucket().put('a.ndjson', BODY)).rejects.toMatchObject({ status: 403 });
  });

  it.each(['a key', '../up', '', 'ä', '/a', 'a?b'])('has no such key as %j', async (key) => {
    await expect(bucket().put(key, BODY)).rejects.toThrow('characters');
    expect(served.server.calls).toHaveLength(0);
  });
});
