/**
 * The local runtime's gateway in this process, as its composition roots build it: real functions, real clients, HTTP and
 * sockets on loopback, with proxies between it and its services that a test makes fail. One a test file: what the functions
 * keep in their instance is shared.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DeadLetterFile } from '../../../local/aws/dead-letter-file.ts';
import { AwsEndpoint, type Operation } from '../../../local/aws/endpoint.ts';
import { SecretFile } from '../../../local/aws/secret-file.ts';
import { secretsManager } from '../../../local/aws/secrets-manager.ts';
import { sqs } from '../../../local/aws/sqs.ts';
import { functionEnvironment, rustEnvironment } from '../../../local/environment.ts';
import { freePort } from '../../../local/free-port.ts';
import { AccessLog } from '../../../local/gateway/access-log.ts';
import { loadFunctions } from '../../../local/gateway/functions.ts';
import { Gateway } from '../../../local/gateway/gateway.ts';
import { makeServer } from '../../../local/gateway/http-server.ts';
import { Router } from '../../../local/gateway/router.ts';
import { CallerCheck } from '../../../local/gateway/who-may-call.ts';
import { installAwslambda } from '../../../local/lambda/awslambda-global.ts';
import { LogDirectory } from '../../../local/processes/log-directory.ts';
import { rustCrate } from '../../../local/rust/build.ts';
import { atPort } from '../../../local/rust/invoke-address.ts';
import { seedKeys } from '../../../local/seed/keys.ts';
import { AskQueue } from '../../../local/sockets/ask-queue.ts';
import { ASK_QUEUE_PATH, CallbackServer } from '../../../local/sockets/callback-server.ts';
import { OpenSockets } from '../../../local/sockets/open-sockets.ts';
import { socketFunctions } from '../../../local/sockets/socket-functions.ts';
import { SocketGateway } from '../../../local/sockets/socket-gateway.ts';
import { startBackground } from '../../../local/supervisor/background.ts';
import { RustSelectorHost } from '../../../local/supervisor/rust-selector.ts';
import { makeStores } from '../../../local/supervisor/stores.ts';
import { DynamoLearningState } from '../../../shared/adapters/dynamodb/learning-state.ts';
import { MemoryEventBus } from '../../../shared/adapters/memory/event-bus.ts';
import { ROUTES } from '../../../shared/config/routes.ts';
import { decodeArmState, type PolicyState } from '../../../shared/model/selection.ts';
import { startDynamo } from '../dynamodb.ts';
import { bearer, Client } from '../flow/client.ts';
import { FaultProxy } from './fault-proxy.ts';

/** Faults are what the tests are about; a line for each would hide those of the tests. */
const QUIET = { AWS_LAMBDA_LOG_LEVEL: 'FATAL', POWERTOOLS_METRICS_DISABLED: 'true' };
const ROOT = resolve(import.meta.dirname, '../../..');

export interface Rig {
  url: string;
  wsUrl: string;
  admin: Client;
  /** Between the functions, Rust's too, and DynamoDB. */
  store: FaultProxy;
  /** Between the functions and Secrets Manager and SQS. */
  aws: FaultProxy;
  /** Between the functions and `select`. */
  lambda: FaultProxy;
  rust: RustSelectorHost;
  /** What is learnt of a policy's models. */
  learnt(policy: string): Promise<PolicyState>;
  /** Messages that wait to be replayed. */
  deadLetters(): number;
  /** A tenant of its own with every kind of limit, so that each of its requests is held and counted. */
  tenant(limits?: Record<string, number>): Promise<{ id: string; key: string; client: Client }>;
  stop(): Promise<void>;
}

export const LIMITS = { rpm: 100_000, tokens_per_day: 50_000_000, cost_per_day_usd: 5_000, concurrent: 500 };

export const openRig = async (options: { rust?: boolean } = {}): Promise<Rig> => {
  const home = mkdtempSync(join(tmpdir(), 'atp-chaos-'));
  const dynamo = await startDynamo();
  const logs = new LogDirectory(join(home, 'logs'));
  const letters = join(home, 'dead-letters.jsonl');
  const deadLetters = new DeadLetterFile(letters);
  const secrets = new SecretFile(join(home, 'secrets.json'));
  const rust = new RustSelectorHost({
    crate: rustCrate(ROOT, join(ROOT, 'rust-selector/target/release')),
    logs,
    events: { up: () => undefined, down: () => undefined },
    note: () => undefined,
  });
  const endpoint = new AwsEndpoint({
    targets: new Map<string, Operation>([
      ['secretsmanager', secretsManager(secrets)],
      ['AmazonSQS', sqs(deadLetters)],
    ]),
  });
  const store = new FaultProxy(dynamo.url);
  const aws = new FaultProxy(await endpoint.listen());
  const selectPort = await freePort();
  const lambda = new FaultProxy(`http://127.0.0.1:${selectPort}`);
  const endpoints = {
    dynamodb: await store.listen(),
    aws: await aws.listen(),
    lambda: await lambda.listen(),
  };
  const environment = functionEnvironment(endpoints, 'test');
  Object.assign(process.env, environment, QUIET);
  const stores = makeStores(environment);
  const keys = await seedKeys({ ...stores, secrets });
  if (options.rust === true)
    await rust.start({ at: atPort(selectPort), environment: rustEnvironment(endpoints) });
  const learning = new DynamoLearningState(dynamo.client, 'Learning', decodeArmState);
  const background = startBackground({
    stores,
    secrets: { get: async (name) => secrets.get(name) },
    learn: rust.learn,
    deadLetters,
    logs,
    environment,
    events: new MemoryEventBus(),
  });
  const served = await serve(join(home, 'access.jsonl'));
  const admin = new Client(served.url, bearer(keys.adminKey));

  const tenant: Rig['tenant'] = async (limits = LIMITS) => {
    const id = `tenant-${randomBytes(5).toString('hex')}`;
    await expectOk(admin.post('/admin/quotas', { tenant_id: id, tier: 'enterprise', rate_limit: limits }));
    const { key } = (await expectOk(admin.post('/admin/keys', { tenant_id: id }))) as { key: string };
    return { id, key, client: admin.anonymous().as(bearer(key)) };
  };
  return {
    ...served,
    admin,
    store,
    aws,
    lambda,
    rust,
    learnt: (policy) => learning.read(policy),
    deadLetters: () => linesOf(letters) + linesOf(`${letters}.replaying`),
    tenant,
    stop: async () => {
      background.stop();
      served.stop();
      await rust.stop();
      for (const proxy of [store, aws, lambda, endpoint]) proxy.close();
      await dynamo.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

const expectOk = async (call: ReturnType<Client['post']>): Promise<unknown> => {
  const reply = await call;
  if (reply.status >= 300) throw new Error(reply.text);
  return JSON.parse(reply.text);
};

/** An adapter for each, as the functions shall know it from their first request. */
export const register = async (rig: Rig, adapters: readonly object[]): Promise<void> => {
  for (const adapter of adapters) await expectOk(rig.admin.post('/admin/adapters', adapter));
};

const linesOf = (path: string): number => {
  try {
    return readFileSync(path, 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
};

/** As a gateway process does it. */
const serve = async (accessLog: string) => {
  installAwslambda();
  const directory = join(ROOT, 'functions');
  const log = new AccessLog(openSync(accessLog, 'a'));
  const callers = new CallerCheck('127.0.0.1');
  const shared = { callers, log, onHandlerError: () => undefined };
  const functions = socketFunctions(directory);
  const sockets = new OpenSockets();
  const queue = new AskQueue({ worker: async () => (await functions()).worker, onFailure: () => undefined });
  const callbacks = new CallbackServer(sockets, queue);
  await callbacks.listen();
  process.env.CONNECTIONS_URL = callbacks.url;
  process.env.ASK_QUEUE_URL = callbacks.url + ASK_QUEUE_PATH;
  const gateway = new Gateway({
    ...shared,
    router: new Router(ROUTES),
    functions: await loadFunctions(directory, ROUTES),
    newId: randomUUID,
    metrics: async () => '',
  });
  const socketGateway = new SocketGateway({
    ...shared,
    functions,
    sockets,
    queue,
    port: () => callbacks.port,
  });
  const server = makeServer(gateway, randomUUID, socketGateway);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}/ws`,
    stop: () => {
      sockets.terminateAll();
      queue.close(0);
      callbacks.close();
      server.closeAllConnections();
      server.close();
    },
  };
};
