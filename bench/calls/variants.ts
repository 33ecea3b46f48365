/** The ways that are compared. Each `run` is one call. */
import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { partitionOf, toItem } from '../../shared/adapters/dynamodb/observation-item.ts';
import { settlementUpdates } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import type { Item } from '../../shared/adapters/dynamodb/wire.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import type { Observation } from '../../shared/model/observation.ts';
import { Deadline } from '../../shared/services/answer/deadline.ts';

export interface Variant {
  what: string;
  how: string;
  unit: string;
  /** In one call. */
  units: number;
  run: () => Promise<unknown>;
}

export interface Setting {
  sdk: DynamoDBClient;
  url: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

const observation = (id: string): Observation => ({
  id,
  request_id: id,
  tenant_id: 'default',
  policy: 'default',
  model: 'bench-a',
  provider: 'openai-compatible',
  prompt: 'Say in one sentence why the sky is blue.',
  task_type: 'general',
  quality: 'balanced',
  tokens_in: 12,
  tokens_out: 6,
  tokens_estimated: false,
  cost_usd: 0.000036,
  latency_ms: 12,
  selector: 'rust',
  state_version: 12,
  propensity: 0.59765625,
  propensities: { 'bench-a': 0.59765625, 'bench-b': 0.25, 'bench-c': 0.15234375 },
  outcome: 'success',
  finish_reason: 'stop',
  quality_score: null,
  created_at: new Date().toISOString(),
});

/** An attribute for each field. */
const asAttributes = (one: Observation, pk: string): Item => {
  const { pk: key, sk, expires_at } = toItem(one, pk);
  const item: Item = {};
  for (const [name, value] of Object.entries(one)) {
    if (typeof value === 'string') item[name] = { S: value };
    else if (typeof value === 'number') item[name] = { N: String(value) };
    else if (typeof value === 'boolean') item[name] = { BOOL: value };
    else if (value !== null) item[name] = { S: JSON.stringify(value) };
  }
  return { ...item, ...(key && { pk: key }), ...(sk && { sk }), ...(expires_at && { expires_at }) };
};

export const variants = ({ sdk, url, credentials }: Setting): Variant[] => {
  const [clock, random] = [systemClock(), systemRandom()];
  const ids = uuidv7Source(clock, random);
  const ours = makeDynamoClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: async () => credentials,
    clock,
    random,
  });
  const caller = (): AbortSignal => new AbortController().signal;
  let version = 0;
  const update = () => ({
    TableName: 'Usage',
    Key: { pk: { S: 'tenant#bench' }, sk: { S: 'ledger' } },
    UpdateExpression: 'SET #v = :v, #w = :w',
    ExpressionAttributeNames: { '#v': 'version', '#w': 'windows' },
    ExpressionAttributeValues: { ':v': { N: String(++version) }, ':w': { S: 'x'.repeat(400) } },
    ReturnValues: 'ALL_NEW' as const,
  });
  const settle = settlementUpdates('Usage');
  const transaction = (count: number, make: typeof toItem) => {
    const all = Array.from({ length: count }, () => observation(ids.uuidv7()));
    const puts = all.map((one) => ({
      Put: {
        TableName: 'Observations',
        Item: make(one, partitionOf(one.id, 1) ?? ''),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }));
    const day = new Date().toISOString().slice(0, 10);
    const used = all.map(({ id }) => ({ id, tenant_id: 'default', day, tokens: 18, cost_nano: 36_000 }));
    return { TransactItems: [...puts, ...settle(used)] };
  };
  return [
    {
      what: 'UpdateItem',
      how: 'AWS SDK',
      unit: 'call',
      units: 1,
      run: () => sdk.send(new UpdateItemCommand(update())),
    },
    {
      what: 'UpdateItem',
      how: 'signed client',
      unit: 'call',
      units: 1,
      run: () => ours.call('UpdateItem', update()),
    },
    ...[1, 12].flatMap((units): Variant[] => {
      const shape = { what: `transaction of ${units}`, unit: 'observation', units };
      const write =
        (make: typeof toItem, rest: object = {}) =>
        () =>
          ours.call('TransactWriteItems', { ...transaction(units, make), ...rest });
      return [
        { ...shape, how: 'attributes', run: write(asAttributes) },
        { ...shape, how: 'document', run: write(toItem) },
        {
          ...shape,
          how: 'document, request token',
          run: () => write(toItem, { ClientRequestToken: randomUUID() })(),
        },
      ];
    }),
    {
      what: 'signal',
      how: 'AbortSignal.any with a timeout',
      unit: 'signal',
      units: 100,
      run: async () => {
        for (let count = 0; count < 100; count++) AbortSignal.any([caller(), AbortSignal.timeout(60_000)]);
      },
    },
    {
      what: 'signal',
      how: 'Deadline',
      unit: 'signal',
      units: 100,
      run: async () => {
        for (let count = 0; count < 100; count++) new Deadline(caller(), 60_000).end();
      },
    },
  ];
};
