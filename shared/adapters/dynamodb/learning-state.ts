/** A policy's learnt arms, read with one Query; the head item carries the version. */
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { ArmState, PolicyState } from '../../model/selection.ts';
import type { LearningState } from '../../ports/learning-state.ts';
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
    const command = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: '#policy = :policy',
      ExpressionAttributeNames: { '#policy': 'policy' },
      ExpressionAttributeValues: { ':policy': { S: policy } },
    });
    const { Items = [] } = await answering(this.#client.send(command));
    const arms = new Map<string, ArmState>();
    let version = 0;
    for (const item of Items) {
      const arm = item.arm?.S ?? '';
      if (arm === HEAD) version = Number(item.version?.N ?? 0);
      else if (item.state?.B !== undefined) {
        const state = this.#decode(item.state.B);
        if (state !== undefined) arms.set(arm, state);
      }
    }
    return { version, freshness: 'fresh', arms };
  }
}
