import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/export-audit/handler.ts';

const record = (sequence: string, eventName = 'INSERT') =>
  ({
    eventName,
    dynamodb: {
      ApproximateCreationDateTime: Date.parse('2026-03-04T05:06:07Z') / 1_000,
      SequenceNumber: sequence,
      Keys: { pk: { S: 'tenant#acme' }, sk: { S: `entry#${sequence}` } },
      ...(eventName === 'REMOVE' ? {} : { NewImage: { document: { S: '{"kind":"change"}' } } }),
    },
  }) as DynamoDBStreamEvent['Records'][number];

describe('export-audit', () => {
  const written = new Map<string, string>();
  const counted: number[] = [];
  const handler = makeHandler({
    objects: { put: async (key, body) => void written.set(key, body) },
    exported: (items) => counted.push(items),
  });

  it('writes a batch as one object, what was taken away with it, under a key that is the same when it comes again', async () => {
    const batch = { Records: [record('100'), record('101', 'REMOVE')] };
    await handler(batch);
    await handler(batch);

    expect([...written.keys()]).toEqual(['audit/2026/03/04/100.jsonl']);
    const lines = [...written.values()][0]
      ?.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { event: 'INSERT', item: { document: { S: '{"kind":"change"}' } } },
      { event: 'REMOVE', keys: { sk: { S: 'entry#101' } } },
    ]);
    expect(counted).toEqual([2, 2]);
  });

  it('fails where the object cannot be written, so that the batch comes again', async () => {
    const failing = makeHandler({
      objects: { put: () => Promise.reject(new Error('away')) },
      exported: () => undefined,
    });

    await expect(failing({ Records: [record('1')] })).rejects.toThrow('away');
    await expect(failing({ Records: [] })).resolves.toBeUndefined();
  });
});
