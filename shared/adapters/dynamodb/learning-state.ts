/** A policy's learnt arms, read with one Query (a further one for each MB); the head item carries the version. */
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { ArmState, PolicyState } from '../../model/selection.ts';
import type { LearningState } from '../../ports/learning-state.ts';
import type { Item } from './observation-item.ts';
import { answering } from './unavailable.ts';

const HEAD = '#head';

export class DynamoLearningState implements LearningState {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #decode: (bytes: Uint8Array) => ArmState | undefined;

  /** `decode` reads an arm's packed state; undefined where it cannot. */
  constructor(client: DynamoDBClient, table: string, decode: (bytes: Uint8Array) => ArmState | undefined) {
    this.#client = client;
    this.#table = table;
    this.#decode = decode;
  }

  async read(policy: string): Promise<PolicyState> {
    const arms = new Map<string, ArmState>();
    let version = 0;
    for await (const item of this.#items(policy)) {
      const arm = item.arm?.S ?? '';
      if (arm === HEAD) version = Number(item.version?.N ?? 0);
      else if (item.state?.B !== undefined) {
        const state = this.#decode(item.state.B);
        if (state !== undefined) arms.set(arm, state);
      }
    }
    return { version, freshness: 'fresh', arms };
  }

  async *#items(policy: string): AsyncGenerator<Item> {
    let start: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: '#policy = :policy',
        ExpressionAttributeNames: { '#policy': 'policy' },
        ExpressionAttributeValues: { ':policy': { S: policy } },
        ExclusiveStartKey: start,
      });
      const page = await answering(this.#client.send(command));
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
}
