/** The functions as their composition roots build them, over the in-memory adapters: requests in, replies out. */

import * as admin from '../../../functions/admin/handler.ts';
import * as completions from '../../../functions/completions/handler.ts';
import { ownMiddleware } from '../../../functions/completions/own-middleware.ts';
import { schemas } from '../../../functions/completions/schemas.ts';
import * as feedback from '../../../functions/feedback/handler.ts';
import * as mcp from '../../../functions/mcp/handler.ts';
import { sameOrigin } from '../../../functions/mcp/origin.ts';
import * as series from '../../../functions/series/handler.ts';
import {
  configCheck,
  drainCheck,
  modelsCheck,
  secretsCheck,
  selectorCheck,
} from '../../../functions/status/checks.ts';
import * as status from '../../../functions/status/handler.ts';
import { HealthChecks } from '../../../functions/status/health.ts';
import { MemoryAnswerCache } from '../../../shared/adapters/memory/answer-cache.ts';
import { MemoryAuditStore } from '../../../shared/adapters/memory/audit-store.ts';
import { MemoryConfigStore } from '../../../shared/adapters/memory/config-store.ts';
import { MemoryEventLog } from '../../../shared/adapters/memory/event-log.ts';
import { MemoryHealthStore } from '../../../shared/adapters/memory/health-store.ts';
import { MemoryKeyStore } from '../../../shared/adapters/memory/key-store.ts';
import { MemoryLearningState } from '../../../shared/adapters/memory/learning-state.ts';
import { MemoryMetrics } from '../../../shared/adapters/memory/metric-source.ts';
import {
  MemoryDeadLetters,
  MemoryObservationStore,
} from '../../../shared/adapters/memory/observation-store.ts';
import { MemoryReplyStore } from '../../../shared/adapters/memory/reply-store.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { MemorySessionStore } from '../../../shared/adapters/memory/session-store.ts';
import { MemoryAskStore, MemoryConnectionStore } from '../../../shared/adapters/memory/socket-stores.ts';
import { MemorySockets } from '../../../shared/adapters/memory/sockets.ts';
import { MemoryUsageLedger } from '../../../shared/adapters/memory/usage-ledger.ts';
import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import { SimulatedEmbeddings } from '../../../shared/adapters/providers/simulated/embeddings.ts';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import { type FunctionName, ROUTES } from '../../../shared/config/routes.ts';
import { buildChain, type ChainDeps } from '../../../shared/middleware/chain.ts';
import type { ProviderKind } from '../../../shared/model/adapter.ts';
import type { CertificatePrincipal } from '../../../shared/model/identity.ts';
import { observeSchema } from '../../../shared/model/observe-schema.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Role } from '../../../shared/model/tenant.ts';
import type { RequestLog } from '../../../shared/observability/request-log.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import type { PiiReader } from '../../../shared/ports/pii-detector.ts';
import type { PromptEncoder } from '../../../shared/ports/prompt-encoder.ts';
import type { TokenVerifier } from '../../../shared/ports/token-verifier.ts';
import type { Tracing } from '../../../shared/ports/tracing.ts';
import { AnswerService } from '../../../shared/services/answer/answer-prompt.ts';
import type { CallService } from '../../../shared/services/answer/call-service.ts';
import { Settler } from '../../../shared/services/answer/settle.ts';
import { hashSecret, makeApiKey } from '../../../shared/services/api-keys.ts';
import { Authenticator } from '../../../shared/services/authenticate.ts';
import { CachedConfig } from '../../../shared/services/cached-config.ts';
import { estimateTokens } from '../../../shared/services/count-tokens.ts';
import { DrainGate } from '../../../shared/services/drain/drain-gate.ts';
import { AdapterHealth } from '../../../shared/services/health/adapter-health.ts';
import { CertificatePrincipals } from '../../../shared/services/identity/certificates.ts';
import { noticeBreakers } from '../../../shared/services/notice.ts';
import { QuotaNotices } from '../../../shared/services/quota-notices.ts';
import type { PersonalData } from '../../../shared/services/redact/personal-data.ts';
import { Redactor } from '../../../shared/services/redact/redactor.ts';
import { Once } from '../../../shared/services/replies/once.ts';
import { REPLY_SECRET, Sealer } from '../../../shared/services/sealer.ts';
import { SeriesService } from '../../../shared/services/series/series.ts';
import { adminParts } from './admin-parts.ts';
import { auditing } from './audit.ts';
import { fakeCallService, fakePersonalData } from './gateway-calls.ts';
import { type Call, type Handler, invoke, type Reply } from './http.ts';
import { ManualClock } from './manual-clock.ts';
import { RecordedLog } from './recorded-log.ts';
import { FakeRestApi } from './rest-api.ts';
import { ScriptedSelector } from './scripted-selector.ts';
import { seededRandom } from './seeded-random.ts';

export const ADMIN_KEY = `atp_test_admin_${'k'.repeat(40)}`;
const PEPPER = 'a pepper for tests';
const LEASE_MS = 320_000;
const LARGEST_REPLY = 100_000;

export interface GatewayOptions {
  client?: ModelClient;
  embeddings?: ModelClient;
  policy?: Partial<Policy>;
  allowSimulated?: boolean;
  allowPrivateUrls?: boolean;
  supportedProviders?: readonly ProviderKind[];
  /** Turns the model that finds names on, and is it. */
  reader?: PiiReader;
  /** Issuers that are trusted. */
  tokens?: TokenVerifier;
  certificates?: readonly CertificatePrincipal[];
  encoder?: PromptEncoder;
  /** Instead of the one that only records. */
  log?: RequestLog;
  tracing?: Tracing;
}

export class FakeGateway {
  readonly clock = new ManualClock();
  readonly random = seededRandom(7);
  readonly log = new RecordedLog();
  readonly keys = new MemoryKeyStore();
  readonly secrets = new MemorySecretStore({
    pepper: PEPPER,
    'admin-key': 'k'.repeat(40),
    'socket-key': 'a socket key for tests',
    'reply-key': 'a reply key for tests',
    'audit-key': 'an audit key for tests, and for tests alone',
  });
  readonly ledger = new MemoryUsageLedger();
  readonly observations = new MemoryObservationStore((settlements) => this.ledger.settle(settlements));
  readonly deadLetters = new MemoryDeadLetters();
  readonly learning = new MemoryLearningState();
  readonly sessions = new MemorySessionStore(this.clock);
  readonly health = new MemoryHealthStore();
  readonly events = new MemoryEventLog(this.clock);
  readonly ids = uuidv7Source(this.clock, this.random);
  /** What the functions that answer prompts go by. */
  readonly adapterHealth = new AdapterHealth({
    store: this.health,
    clock: this.clock,
    random: this.random,
    noticed: noticeBreakers(this),
  });
  readonly metrics = new MemoryMetrics();
  readonly auditStore = new MemoryAuditStore();
  readonly replies = new MemoryReplyStore(this.clock);
  readonly cache = new MemoryAnswerCache(this.clock);
  readonly asks = new MemoryAskStore(this.clock);
  readonly connections = new MemoryConnectionStore(this.clock, this.asks);
  readonly sockets = new MemorySockets();
  readonly rust = new ScriptedSelector('rust');
  readonly config: MemoryConfigStore;
  readonly gate: DrainGate;
  readonly calls: CallService;
  readonly personalData: PersonalData;
  readonly answers: AnswerService;
  readonly embeddings: AnswerService;
  /** What every function's chain is made with. */
  readonly chain: ChainDeps & { authenticator: Authenticator };
  readonly #handlers: Record<FunctionName, Handler>;

  constructor(options: GatewayOptions = {}) {
    const policy = { ...DEFAULT_POLICY, ...options.policy };
    const pii = { detector: options.reader === undefined ? DEFAULT_FLAGS.pii.detector : 'hybrid' } as const;
    this.config = new MemoryConfigStore({ policy, flags: { ...DEFAULT_FLAGS, pii } });
    const redactor = new Redactor(patternDetector());
    const deps = {
      ...auditing(this),
      clock: this.clock,
      ids: this.ids,
      log: options.log ?? this.log,
      authenticator: new Authenticator({
        ...this,
        env: 'test',
        tokens: options.tokens,
        certificates: new CertificatePrincipals(options.certificates ?? []),
      }),
      redact: (text: string) => redactor.text(text),
      holdsPersonalData: (text: string) => redactor.holdsPersonalData(text),
      once: new Once({
        store: this.replies,
        sealer: new Sealer({ ...this, secret: REPLY_SECRET }),
        leaseMs: LEASE_MS,
        largestReply: LARGEST_REPLY,
      }),
    };
    this.chain = deps;
    const config = new CachedConfig(this.config, this.clock, () => this.adapterHealth.read());
    this.gate = new DrainGate(async () => (await config.current()).drain);
    this.personalData = fakePersonalData(this, options);
    this.calls = fakeCallService(this, options, config);
    const answering = (client: ModelClient): AnswerService =>
      new AnswerService({
        client,
        settler: new Settler(this.observations, this.deadLetters),
        health: this.adapterHealth,
        clock: this.clock,
        random: this.random,
      });
    this.answers = answering(options.client ?? new SimulatedClient(this.clock));
    this.embeddings = answering(options.embeddings ?? new SimulatedEmbeddings(this.clock, estimateTokens));
    this.#handlers = {
      completions: this.#completions({ ...deps, tracing: options.tracing, limits: new QuotaNotices(this) }),
      feedback: buildChain(deps, {
        schemas: { 'POST /v1/observe': observeSchema },
        handlers: feedback.makeHandlers({ feedback: this.observations, redact: deps.redact }),
      }),
      admin: buildChain(deps, {
        schemas: admin.schemas,
        handlers: admin.makeHandlers({ ...this, ...deps, ...adminParts(this, options) }),
      }),
      series: buildChain(deps, {
        streams: true,
        handlers: series.makeHandlers({ series: new SeriesService(this), clock: this.clock }),
      }),
      status: this.#status(deps),
      mcp: buildChain(deps, {
        streams: true,
        own: [sameOrigin()],
        handlers: mcp.makeHandlers({ apiFor: () => new FakeRestApi(this), version: '0.0.0' }),
      }),
    } as Record<FunctionName, Handler>;
  }

  /** `METHOD /path`; the route table decides which function gets it. Unknown routes go to `completions`. */
  call(target: string, call: Call = {}): Promise<Reply> {
    const route = ROUTES.find(({ method, resource }) => `${method} ${resource}` === target);
    const byPath = ROUTES.find(({ resource }) => resource === target.split(' ')[1]);
    // Of a stream that has no end of its own, the first frame is enough.
    const patience = route?.endless === true ? { leaves: 1 as const } : {};
    return invoke(this.#handlers[(route ?? byPath)?.function ?? 'completions'], target, {
      ...patience,
      ...call,
    });
  }

  /** `completions` once more, over the same stores: as another version of it would be. */
  anotherVersion(): Handler {
    return this.#completions(this.chain) as unknown as Handler;
  }

  /** As Lambda would call it. */
  handlerOf(name: FunctionName): Handler {
    return this.#handlers[name];
  }

  asAdmin(target: string, call: Call = {}): Promise<Reply> {
    return this.call(target, { ...call, key: ADMIN_KEY });
  }

  /** A key of the tenant, put into the store without asking the gateway. */
  async keyOf(tenantId: string, roles: Role[] = ['caller'], expiresAt?: string): Promise<string> {
    const { id, key, secret } = makeApiKey({ env: 'test', random: this.random });
    await this.keys.create({
      id,
      tenant_id: tenantId,
      roles,
      hash: hashSecret(secret, PEPPER),
      created_at: '2026-01-01T00:00:00.000Z',
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    });
    return key;
  }

  /** Registers a simulated model that answers at once. */
  async withModel(id: string, fields: Record<string, unknown> = {}): Promise<void> {
    const body = { id, cost_per_1k: 0.002, simulated: { latency_ms: 0, jitter: 0 }, ...fields };
    const { status: code, json } = await this.asAdmin('POST /admin/adapters', { body });
    if (code !== 200) throw new Error(`the model was refused: ${JSON.stringify(json)}`);
  }

  #completions(deps: ChainDeps) {
    return buildChain(deps, {
      streams: true,
      schemas,
      own: ownMiddleware(this),
      handlers: completions.makeHandlers({
        ...this,
        flags: async () => (await this.config.snapshot()).flags,
      }),
    });
  }

  #status(deps: ChainDeps) {
    return buildChain(deps, {
      handlers: status.makeHandlers({
        config: this.config,
        ledger: this.ledger,
        now: () => this.clock.now(),
        description: async () => (await import('../../../functions/status/description.ts')).description,
        live: new HealthChecks({}, this.clock),
        ready: new HealthChecks(
          {
            dynamodb: configCheck(this.config),
            secrets: secretsCheck(this.secrets),
            models: modelsCheck(this.config, this.health, this.clock),
            selector: selectorCheck(this.rust),
            drain: drainCheck(this.config),
          },
          this.clock,
        ),
        startup: new HealthChecks({ secrets: secretsCheck(this.secrets) }, this.clock),
      }),
    });
  }
}
