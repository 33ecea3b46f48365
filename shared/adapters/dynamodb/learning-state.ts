/** A policy's learnt arms, read with one Query (a further one for each MB); the head item carries the version. */
import type { ArmState, PolicyState } from '../../model/selection.ts';
import type { LearningState } from '../../ports/learning-state.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item } from './wire.ts';

const HEAD = '#head';

export class DynamoLearningState implements LearningState {
  readonly #client: DynamoClient;
  readonly #table: string;
  readonly #decode: (bytes: Uint8Array) => ArmState | undefined;

  /** `decode` reads an arm's packed state; undefined where it cannot. */
  constructor(client: DynamoClient, table: string, decode: (bytes: Uint8Array) => ArmState | undefined) {
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
        const state = this.#decode(Buffer.from(item.state.B, 'base64'));
        if (state !== undefined) arms.set(arm, state);
      }
    }
    return { version, freshness: 'fresh', arms };
  }

  async *#items(policy: string): AsyncGenerator<Item> {
    let start: Item | undefined;
    do {
      const input = {
        TableName: this.#table,
        KeyConditionExpression: '#policy = :policy',
        ExpressionAttributeNames: { '#policy': 'policy' },
        ExpressionAttributeValues: { ':policy': { S: policy } },
        ExclusiveStartKey: start,
      };
      const page = await answering(this.#client.call('Query', input));
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
}
