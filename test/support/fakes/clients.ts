/** AWS clients that a test steers: scripted ones, and ones that stand between a store and its table. */
import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';

interface Sent {
  /** The command's name without its ending. */
  name: string;
  input: Record<string, unknown>;
  signal: AbortSignal | undefined;
}

type Answer = (sent: Sent) => unknown;

/** What a client of any service has that the adapters use. */
interface Sends<Client> {
  client: Client;
  readonly sent: Sent[];
}

/** A client whose calls `answer` answers; what it throws is the service's failure. */
export const scriptedClient = <Client>(answer: Answer): Sends<Client> => {
  const sent: Sent[] = [];
  const client = {
    send: async (command: { input: object }, options?: { abortSignal?: AbortSignal }) => {
      const call: Sent = {
        name: command.constructor.name.replace(/Command$/, ''),
        input: command.input as Record<string, unknown>,
        signal: options?.abortSignal,
      };
      sent.push(call);
      return answer(call);
    },
  };
  return { client: client as Client, sent };
};

type Query = QueryCommand['input'];

/** Passes everything on to the table, queries as `change` makes them and with what `keep` leaves of their items. */
export const queryingThrough = (
  client: DynamoDBClient,
  change: (query: Query) => Query,
  keep: (query: Query, id: string) => boolean = () => true,
): DynamoDBClient =>
  new Proxy(client, {
    get: (target, property) =>
      property !== 'send'
        ? Reflect.get(target, property)
        : async (command: object) => {
            if (!(command instanceof QueryCommand)) return Reflect.apply(target.send, target, [command]);
            const output: QueryCommandOutput = await target.send(new QueryCommand(change(command.input)));
            return { ...output, Items: output.Items?.filter(({ sk }) => keep(command.input, sk?.S ?? '')) };
          },
  });
