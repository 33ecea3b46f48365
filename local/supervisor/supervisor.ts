/** Starts the parts in order, keeps them alive, and ends them in order. */
import { existsSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cloudWatch } from '../aws/cloudwatch.ts';
import { DeadLetterFile } from '../aws/dead-letter-file.ts';
import { AwsEndpoint, type Operation } from '../aws/endpoint.ts';
import { SecretFile } from '../aws/secret-file.ts';
import { secretsManager } from '../aws/secrets-manager.ts';
import { sqs } from '../aws/sqs.ts';
import { ConsoleBuild } from '../console/build.ts';
import { writeAtomically } from '../data-dir/files.ts';
import type { DataDirectory } from '../data-dir/layout.ts';
import type { ProcessRecords } from '../data-dir/process-records.ts';
import { createTables } from '../dynamodb/create-tables.ts';
import { engineSpec, makeDatabase, untilAnswering } from '../dynamodb/engine.ts';
import { EngineBuilder } from '../dynamodb/engine-build.ts';
import { awsEnvironment, functionEnvironment, rustEnvironment, SELECT_FUNCTION } from '../environment.ts';
import { EventFile } from '../events/event-file.ts';
import { freePort } from '../free-port.ts';
import { bookLeftovers, makeBooking } from '../journal/booking.ts';
import { IN_MEMORY } from '../journal/messages.ts';
import { SeriesStore } from '../metrics/series-store.ts';
import type { Options } from '../options.ts';
import type { Periodic } from '../periodic.ts';
import { LogDirectory } from '../processes/log-directory.ts';
import { ManagedProcess, type ProcessEvents } from '../processes/managed-process.ts';
import { Reaper } from '../processes/reaper.ts';
import type { RustCrate } from '../rust/build.ts';
import { type InvokeAddress, invokeAddress } from '../rust/invoke-address.ts';
import { STARTED } from '../seed/audit-start.ts';
import { seedKeys } from '../seed/keys.ts';
import { findProviders } from '../seed/real-providers.ts';
import { seedModels } from '../seed/seed-models.ts';
import { addresses } from './addresses.ts';
import type { Announcer } from './announce.ts';
import { startBackground } from './background.ts';
import { GatewayWorkers } from './gateway-workers.ts';
import { type RuntimeDescription, RuntimeFile } from './runtime-file.ts';
import { RustSelectorHost } from './rust-selector.ts';
import { makeStores } from './stores.ts';

export interface SupervisorDeps {
  /** Of the repository. */
  root: string;
  options: Options;
  data: DataDirectory;
  records: ProcessRecords;
  announcer: Announcer;
  engine: string;
  /** Where one is built for the next start; missing where none is. */
  buildEngineIn: string | undefined;
  crate: RustCrate;
  version: string;
  /** Nothing survives a restart; for benchmarks. */
  inMemory: boolean;
  /** The person's own variables, taken out of what children inherit. */
  personal: Readonly<Record<string, string>>;
  /** Passed on to the gateway's workers. */
  workerEnvironment: Readonly<Record<string, string>>;
}

const ENGINE_PATIENCE_MS = 20_000;
const DRAIN_MS = 25_000;

export class Supervisor {
  readonly #deps: SupervisorDeps;
  readonly #logs: LogDirectory;
  readonly #reaper = new Reaper();
  readonly #deadLetters: DeadLetterFile;
  readonly #secrets: SecretFile;
  readonly #rust: RustSelectorHost;
  readonly #endpoint: AwsEndpoint;
  readonly #series = new SeriesStore();
  readonly #console: ConsoleBuild;
  readonly #engineBuilder: EngineBuilder | undefined;
  #engine: ManagedProcess | undefined;
  #workers: GatewayWorkers | undefined;
  #background: Periodic | undefined;
  #file: RuntimeFile | undefined;
  #select: InvokeAddress | undefined;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.#logs = new LogDirectory(deps.data.logs);
    this.#deadLetters = new DeadLetterFile(deps.data.deadLetters);
    this.#secrets = new SecretFile(deps.data.secrets);
    this.#rust = new RustSelectorHost({
      crate: deps.crate,
      logs: this.#logs,
      // A build's shell tools would outlive us; the functions themselves would not, but it does no harm.
      events: this.#watch(true),
      note: deps.announcer.note,
    });
    const build = {
      root: deps.root,
      logs: this.#logs,
      events: this.#watch(true),
      note: deps.announcer.note,
    };
    this.#console = new ConsoleBuild({ ...build, now: () => performance.now() });
    const builds = deps.buildEngineIn;
    this.#engineBuilder = builds === undefined ? undefined : new EngineBuilder({ ...build, builds });
    this.#endpoint = new AwsEndpoint({
      targets: new Map<string, Operation>([
        ['secretsmanager', secretsManager(this.#secrets)],
        ['AmazonSQS', sqs(this.#deadLetters)],
        ['GraniteServiceVersion20100801', cloudWatch(this.#series)],
      ]),
    });
  }

  /** Resolves when everything is ready. Throws StartError; stop() must follow either way. */
  async start(): Promise<void> {
    const { options, data, announcer, engine, version } = this.#deps;
    this.#logs.startRotation();
    this.#reaper.start();
    const port = await freePort();
    const select = await invokeAddress(SELECT_FUNCTION, data.socket);
    this.#select = select;
    const endpoints = {
      aws: await this.#endpoint.listen(),
      dynamodb: `http://127.0.0.1:${port}`,
      lambda: select.endpoint,
    };
    const database = this.#deps.inMemory ? undefined : data.database;
    if (database !== undefined) makeDatabase(database);
    this.#engine = new ManagedProcess(engineSpec(engine, port, database), this.#logs, this.#watch(true));
    this.#engine.start();
    const environment = functionEnvironment(endpoints, version);
    const workers = { ...environment, ...this.#deps.workerEnvironment };
    // Several would have to wait for each other's: what one has answered the next must see.
    const journal =
      options.workers > 1 ? {} : { ATP_LOCAL_JOURNAL: this.#deps.inMemory ? IN_MEMORY : data.journal };
    Object.assign(process.env, awsEnvironment(endpoints));
    this.#workers = new GatewayWorkers({
      count: options.workers,
      host: options.host,
      port: options.port,
      environment: { ...workers, ...journal },
      logs: this.#logs,
      events: this.#watch(false),
      series: this.#series,
      console: this.#console,
    });
    const serving = this.#workers.start();
    // Awaited below; until then a failure must not count as unhandled.
    serving.catch(() => undefined);
    await untilAnswering(endpoints.dynamodb, ENGINE_PATIENCE_MS);
    const stores = makeStores(environment);
    await createTables(new DynamoDBClient({}));
    if (options.workers > 1) await bookLeftovers(data.journal, makeBooking(environment));
    writeAtomically(data.store, `${JSON.stringify({ dynamodb: endpoints.dynamodb })}\n`);
    const keys = await seedKeys({ ...stores, secrets: this.#secrets });
    await stores.audit(this.#secrets).append('stage', STARTED);
    const notes = await seedModels({
      ...stores,
      secrets: this.#secrets,
      empty: options.empty,
      first: {
        isOver: () => existsSync(data.seeded),
        end: () => writeAtomically(data.seeded, '{}\n'),
      },
      find: () => findProviders(this.#deps.personal),
    });
    for (const note of notes) announcer.note(note);
    const boundPort = await serving;
    await this.#rust.start({ at: select, environment: rustEnvironment(endpoints) });
    const learn = this.#rust.learn;
    this.#background = startBackground({
      stores,
      secrets: { get: async (name) => this.#secrets.get(name) },
      learn,
      deadLetters: this.#deadLetters,
      logs: this.#logs,
      environment: workers,
      events: new EventFile(data.events),
    });
    const describe = (): RuntimeDescription => ({
      ...addresses(options.host, boundPort),
      pid: process.pid,
      version,
      admin_key: keys.adminKey,
      tenant_id: keys.tenantId,
      tenant_key: keys.tenantKey,
      processes: { ...this.#rust.pids, dynamodb: this.#engine?.pid ?? null },
    });
    this.#file = new RuntimeFile(data.runtime, describe);
    this.#file.publish();
    announcer.ready(describe(), data.root);
    void this.#rust.built.then(() => this.#engineBuilder?.run());
  }

  /** In-flight requests get 25 s; everything is gone within 30. */
  async stop(): Promise<void> {
    this.#background?.stop();
    this.#console.stop();
    this.#engineBuilder?.stop();
    await this.#workers?.drain(DRAIN_MS);
    await this.#rust.stop();
    await this.#engine?.stop();
    this.#endpoint.close();
    this.#reaper.close();
    this.#logs.stopRotation();
    this.abandon();
  }

  /** For an end at once: the children notice by themselves. */
  abandon(): void {
    this.#file?.remove();
    this.#select?.remove();
  }

  /** `guarded`: it would not end by itself with us. */
  #watch(guarded: boolean): ProcessEvents {
    const { records } = this.#deps;
    return {
      up: (pid) => {
        records.add(pid);
        if (guarded) this.#reaper.guard(pid);
        this.#file?.refresh();
      },
      down: (pid) => {
        if (pid !== undefined) {
          records.remove(pid);
          if (guarded) this.#reaper.forget(pid);
        }
        this.#file?.refresh();
      },
    };
  }
}
