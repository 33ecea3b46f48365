/** What comes before a model is called, over the stores of a fake gateway. */
import { ruleFirewall } from '../../../shared/adapters/firewall/rule-firewall.ts';
import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { LateBookings } from '../../../shared/services/admission/late-bookings.ts';
import { CallService } from '../../../shared/services/answer/call-service.ts';
import type { CachedConfig } from '../../../shared/services/cached-config.ts';
import { BoundedEncoder } from '../../../shared/services/features/bounded-encoder.ts';
import { FeatureExtractor } from '../../../shared/services/features/feature-extractor.ts';
import { PromptGuard } from '../../../shared/services/guard/prompt-guard.ts';
import { PersonalData } from '../../../shared/services/redact/personal-data.ts';
import { ResponseCache } from '../../../shared/services/replies/response-cache.ts';
import { ModelChooser } from '../../../shared/services/routing/choose-model.ts';
import { SelectorBreaker } from '../../../shared/services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../../../shared/services/routing/selector-switch.ts';
import { StickySessions } from '../../../shared/services/routing/sticky-sessions.ts';
import { TypescriptSelector } from '../../../shared/services/routing/typescript-selector.ts';
import { REPLY_SECRET, Sealer } from '../../../shared/services/sealer.ts';
import type { FakeGateway, GatewayOptions } from './gateway.ts';
import { fakeReader } from './pii-reader.ts';

/** Put together once: it keeps nothing of what it reads. */
const FIREWALL = ruleFirewall();

export const fakePersonalData = (
  { clock, secrets }: Pick<FakeGateway, 'clock' | 'secrets'>,
  { reader }: GatewayOptions,
): PersonalData =>
  new PersonalData({
    rules: patternDetector(),
    reader: reader === undefined ? undefined : fakeReader(reader, clock),
    secrets,
  });

export const fakeCallService = (
  gateway: FakeGateway,
  options: GatewayOptions,
  config: CachedConfig,
): CallService => {
  const chooser = new ModelChooser({
    config,
    standings: (adapter) => gateway.adapterHealth.standingOf(adapter),
    selector: new SelectorSwitch({
      rust: gateway.rust,
      typescript: new TypescriptSelector(gateway.learning, gateway.clock),
      breaker: new SelectorBreaker(gateway.clock),
      random: gateway.random,
      clock: gateway.clock,
    }),
    features: new FeatureExtractor(new BoundedEncoder(async () => options.encoder, gateway.clock)),
    random: gateway.random,
  });
  const admission = new AdmissionService(gateway);
  const late = new LateBookings({
    clock: gateway.clock,
    isBooked: async (tenantId, id) => (await gateway.observations.find(tenantId, id)) !== undefined,
    release: (tenantId, id) => admission.release(tenantId, id),
  });
  const sessions = new StickySessions({
    store: gateway.sessions,
    secrets: gateway.secrets,
    clock: gateway.clock,
  });
  const sealer = new Sealer({ ...gateway, secret: REPLY_SECRET });
  const cache = new ResponseCache({ store: gateway.cache, sealer });
  return new CallService({
    chooser,
    guard: new PromptGuard(() => FIREWALL),
    personalData: gateway.personalData,
    admit: (request) => admission.admit(request),
    release: (tenantId, id) => admission.release(tenantId, id),
    bookedLate: (tenantId, id, forMs) => late.watch(tenantId, id, forMs),
    recall: (tenantId, sessionId) => sessions.recall(tenantId, sessionId),
    lookUp: (request) => cache.recall(request),
    now: () => gateway.clock.now(),
    monotonic: () => gateway.clock.monotonic(),
  });
};
