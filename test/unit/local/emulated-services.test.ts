import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterFile } from '../../../local/aws/dead-letter-file.ts';
import { SecretFile } from '../../../local/aws/secret-file.ts';
import { secretsManager } from '../../../local/aws/secrets-manager.ts';
import { deadLetterQueueUrl, sqs } from '../../../local/aws/sqs.ts';

const QueueUrl = deadLetterQueueUrl('http://127.0.0.1:1');
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atp-services-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const type = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error instanceof Error && 'type' in error ? error.type : error;
  }
};

describe('Secrets Manager', () => {
  const open = () => secretsManager(new SecretFile(join(home, 'secrets.json')));

  it('keeps a secret over restarts, in a private file', () => {
    open()('CreateSecret', { Name: 'a/b', SecretString: 'one' });
    open()('PutSecretValue', { SecretId: 'a/b', SecretString: 'two' });

    const read = open()('GetSecretValue', { SecretId: 'a/b' });

    expect(read).toMatchObject({ Name: 'a/b', SecretString: 'two', VersionStages: ['AWSCURRENT'] });
    expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('forgets a deleted one', () => {
    const call = open();
    call('CreateSecret', { Name: 'a', SecretString: 'one' });
    call('DeleteSecret', { SecretId: 'a' });

    const read = type(() => call('GetSecretValue', { SecretId: 'a' }));

    expect(read).toBe('ResourceNotFoundException');
  });

  it.each([
    ['PutSecretValue', { SecretId: 'x', SecretString: 'y' }, 'ResourceNotFoundException'],
    ['DeleteSecret', { SecretId: 'x' }, 'ResourceNotFoundException'],
    ['CreateSecret', { Name: 'there', SecretString: 'y' }, 'ResourceExistsException'],
    ['CreateSecret', { Name: 'x' }, 'InvalidParameterException'],
    ['GetSecretValue', { SecretId: 7 }, 'InvalidParameterException'],
    ['RotateSecret', { SecretId: 'there' }, 'UnknownOperationException'],
  ])('answers %s %o with %s', (operation, input, expected) => {
    const call = open();
    call('CreateSecret', { Name: 'there', SecretString: 'z' });

    const error = type(() => call(operation, input));

    expect(error).toBe(expected);
  });

  it('does not start over where its file is damaged', () => {
    writeFileSync(join(home, 'secrets.json'), '{"a":');

    expect(open).toThrow(/is damaged/);
  });
});

describe('SQS and the dead letters', () => {
  const path = (): string => join(home, 'dead-letters.jsonl');

  it('confirms a message with its checksum', () => {
    const send = sqs(new DeadLetterFile(path()));

    const reply = send('SendMessage', { QueueUrl, MessageBody: 'héllo' });

    expect(reply).toMatchObject({ MD5OfMessageBody: createHash('md5').update('héllo').digest('hex') });
  });

  it.each([
    [
      'SendMessage',
      { QueueUrl: 'http://127.0.0.1:1/000000000000/other', MessageBody: 'x' },
      'QueueDoesNotExist',
    ],
    ['SendMessage', { QueueUrl, MessageBody: '' }, 'InvalidParameterValue'],
    ['SendMessageBatch', { QueueUrl, Entries: [] }, 'InvalidParameterValue'],
    ['SendMessageBatch', { QueueUrl, Entries: [{ Id: '1' }] }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl }, 'InvalidAction'],
  ])('refuses %s %o with %s', (operation, input, expected) => {
    const send = sqs(new DeadLetterFile(path()));

    const error = type(() => send(operation, input));

    expect(error).toBe(expected);
  });

  it('replays a batch in order, once', async () => {
    const letters = new DeadLetterFile(path());
    const Entries = ['a', 'b\nc'].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    sqs(letters)('SendMessageBatch', { QueueUrl, Entries });
    const seen: string[] = [];

    const counts = [];
    for (let round = 0; round < 2; round += 1) {
      counts.push(
        await letters.replay(async (bodies) => {
          seen.push(...bodies);
          return new Set();
        }),
      );
    }

    expect([counts, seen]).toEqual([
      [2, 0],
      ['a', 'b\nc'],
    ]);
  });

  it('keeps what fails, also over a restart, beside what comes later', async () => {
    const letters = new DeadLetterFile(path());
    letters.append(['good', 'bad']);
    await letters.replay(
      async (bodies) => new Set(bodies.flatMap((body, index) => (body === 'bad' ? [index] : []))),
    );
    letters.append(['later']);
    const again = new DeadLetterFile(path());
    const seen: string[] = [];
    const take = async (bodies: readonly string[]) => {
      seen.push(...bodies);
      return new Set<number>();
    };

    await again.replay(take);
    await again.replay(take);

    expect(seen).toEqual(['bad', 'later']);
  });

  it('stops at a batch that fails as a whole', async () => {
    const letters = new DeadLetterFile(path());
    letters.append(Array.from({ length: 25 }, (_, index) => String(index)));
    let calls = 0;

    const done = await letters.replay(async (bodies) => {
      calls += 1;
      return new Set(bodies.keys());
    });

    expect([done, calls]).toEqual([0, 1]);
  });

  it('puts a torn line aside', async () => {
    writeFileSync(path(), '"whole"\n"torn');
    const letters = new DeadLetterFile(path());

    const done = await letters.replay(async () => new Set());

    expect([done, readFileSync(`${path()}.damaged`, 'utf8')]).toEqual([1, '"torn\n']);
  });
});
