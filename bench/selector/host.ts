/** `select` behind a Runtime API, as Lambda has it: a process behind the local Lambda host, its state in the local store, called by HTTP. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Client } from 'undici';
import { SELECT_FUNCTION } from '../../local/environment.ts';
import type { SelectReply } from '../../shared/model/selection.ts';
import { type Ground, startGround } from '../cold/ground.ts';
import { Sandbox } from '../cold/sandbox.ts';
import { rustSpec } from '../cold/subjects.ts';
import { type Contender, chosenIn } from './contenders.ts';
import { timeCalls } from './timing.ts';
import type { Workload } from './workload.ts';

const PATH = `/2015-03-31/functions/${SELECT_FUNCTION}/invocations`;

/** Ranked candidates that a reply can hold within Lambda's 6 MB. */
const MOST_RANKED = 40_000;

const MOST_ATTEMPTS = 20;

/** Turns that it takes at once, as its state takes long to be stored and read. */
const HOST_ROUNDS = 10;
/** Until then V8 compiles the way to it, which shows in a p99. */
const WARM_UP_MS = 1_000;

/** `binaries` is where `select` lies. */
export async function rustHost(binaries: string): Promise<Contender> {
  const ground = await startGround();
  const client = new Client(ground.endpoints.aws);
  const invoke = async (event: string): Promise<string> => {
    const { statusCode, body } = await client.request({ method: 'POST', path: PATH, body: event });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(text);
    return text;
  };
  const empty = Buffer.from(JSON.stringify({ contract: 1, requests: [] }));
  const { sandbox } = await Sandbox.start(rustSpec(SELECT_FUNCTION, ground, binaries), empty);
  ground.serveSelect(sandbox.lambda);
  return {
    name: 'rust, host',
    once: true,
    measure: async (workload, { ms, minCalls }) => {
      if (workload.requests * workload.candidates > MOST_RANKED) return undefined;
      await store(ground, workload);
      const chosen = chosenIn(await firstByState(() => invoke(workload.event)));
      return {
        ...(await timeCalls(() => invoke(workload.event), {
          ms: HOST_ROUNDS * ms,
          minCalls,
          warmUpMs: WARM_UP_MS,
        })),
        chosen,
      };
    },
    stop: async () => {
      await client.close();
      await sandbox.stop();
      await ground.stop();
    },
  };
}

/** A state of some MB takes longer than a first request waits for it: priors decide meanwhile. */
async function firstByState(invoke: () => Promise<string>): Promise<SelectReply> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const reply: SelectReply = JSON.parse(await invoke());
    const [first] = 'results' in reply ? reply.results : [];
    if (first === undefined || !('state' in first) || first.state !== 'none') return reply;
  }
  throw new Error('the state was never read');
}

async function store({ endpoints }: Ground, { policy, arms }: Workload): Promise<void> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials });
  const put = (arm: string, rest: object) =>
    client.send(
      new PutItemCommand({
        TableName: 'Learning',
        Item: { policy: { S: policy }, arm: { S: arm }, version: { N: '1' }, ...rest },
      }),
    );
  for (const [arm, bytes] of arms) await put(arm, { state: { B: bytes } });
  await put('#head', {});
  client.destroy();
}
