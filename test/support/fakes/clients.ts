/** AWS clients that a test steers: scripted ones, and ones that stand between a store and its table. */
import type {
  DynamoClient,
  Operations,
  QueryInput,
  QueryOutput,
} from '../../../shared/adapters/dynamodb/wire.ts';

/** A small client of ours whose calls `answer` answers; what it throws is the service's failure. */
export const scriptedCalls = <Client extends { call: unknown }>(
  answer: (operation: string, input: Record<string, unknown>) => unknown,
): Client => {
  const call = async (operation: string, input: object): Promise<unknown> =>
    answer(operation, input as Record<string, unknown>);
  return { call } as Client;
};

/** One call of one operation. */
type DynamoCall = {
  [Name in keyof Operations]: { name: Name; input: Operations[Name][0] };
}[keyof Operations];

/** A DynamoDB whose calls `answer` answers; what it throws is the service's failure. */
export const scriptedDynamo = (
  answer: (call: DynamoCall) => object | Promise<object>,
): { client: DynamoClient; readonly sent: DynamoCall[] } => {
  const sent: DynamoCall[] = [];
  const client: DynamoClient = {
    call: async (name, input) => {
      const call = { name, input } as DynamoCall;
      sent.push(call);
      return answer(call);
    },
  };
  return { client, sent };
};

/** Passes everything on to the table, queries as `change` makes them and with what `keep` leaves of their items. */
export const queryingThrough = (
  client: DynamoClient,
  change: (query: QueryInput) => QueryInput,
  keep: (query: QueryInput, id: string) => boolean = () => true,
): DynamoClient => ({
  call: async (name, input) => {
    if (name !== 'Query') return client.call(name, input);
    const query = input as QueryInput;
    const output: QueryOutput = await client.call('Query', change(query));
    return { ...output, Items: output.Items?.filter(({ sk }) => keep(query, sk?.S ?? '')) };
  },
});
