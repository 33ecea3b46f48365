/**
 * What was written to the audit log, copied to where nobody can change it: one object for each batch of the table's stream, a
 * line for each item. A batch that comes again has the same key. What it throws makes the batch come again.
 */
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { ObjectStore } from '../../shared/ports/object-store.ts';

export interface ExportDeps {
  objects: ObjectStore;
  exported: (items: number) => void;
}

export const makeHandler =
  ({ objects, exported }: ExportDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
    const [first] = Records;
    if (first === undefined) return;
    // Also what was changed or taken away, which nothing of ours ever does: the copy shows that it happened.
    const lines = Records.map(({ eventName, dynamodb }) =>
      JSON.stringify({ event: eventName, keys: dynamodb?.Keys, item: dynamodb?.NewImage }),
    );
    await objects.put(keyOf(first.dynamodb), `${lines.join('\n')}\n`);
    exported(lines.length);
  };

const keyOf = (record: DynamoDBStreamEvent['Records'][number]['dynamodb']): string => {
  const at = new Date((record?.ApproximateCreationDateTime ?? 0) * 1_000).toISOString();
  return `audit/${at.slice(0, 10).replaceAll('-', '/')}/${record?.SequenceNumber ?? '0'}.jsonl`;
};
