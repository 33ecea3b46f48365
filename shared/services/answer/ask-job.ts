import type { ChatBody } from '../../model/chat.ts';
import type { FirewallRecord } from '../../model/firewall.ts';
import type { StepTimes } from '../../model/observation.ts';
import type { Hold } from '../../model/quota.ts';
import type { SettleOutcome } from '../../ports/settlement-journal.ts';
import type { Span } from '../../ports/tracing.ts';
import type { Restore } from '../redact/restore-events.ts';
import type { CacheStatus, KeptAnswer } from '../replies/response-cache.ts';
import type { Choice } from '../routing/choose-model.ts';
import type { Prediction } from '../routing/predict.ts';
import type { PreparedRequest } from '../routing/prepared-request.ts';

/** One admitted and decided ask, ready to be sent to a model. */
export interface AskJob {
  /** What the caller knows the request by. */
  requestId: string;
  /** UUIDv7; the observation's key. */
  observationId: string;
  tenantId: string;
  /** As the provider may see it. */
  chat: ChatBody;
  /** Does the caller want the provider's own documents, or text? */
  documents: boolean;
  /** Must the provider be told of `max_tokens`, also where the chat names no bound of its own? */
  bounded: boolean;
  /** What may be written down: redacted. */
  stored: { prompt: string; taskType: string; sessionId?: string };
  /** Puts back into the answer what the provider did not see. */
  restore?: Restore;
  /** Had the detector of personal data no time for all of it? */
  partial?: boolean;
  /** What the prompt firewall found and let pass. */
  firewall?: FirewallRecord;
  prepared: PreparedRequest;
  choice: Choice;
  held?: Hold;
  /** Told which model answered, while the observation is written. Never rejects. */
  answered?: (model: string) => Promise<void>;
  /** Answered by this, without a model: what one of the candidates said before. */
  cached?: { prediction: Prediction; answer: KeptAnswer };
  /** Told what the model said, while the observation is written. Never rejects. */
  keep?: (answer: KeptAnswer) => Promise<void>;
  /** Where the policy asks for a cache. */
  cache?: CacheStatus;
  /** Told where the observation went. */
  settled?: (outcome: SettleOutcome) => void;
  /** Clock.monotonic() when the request came in. */
  startedAt: number;
  /** Of the request, where it is traced. */
  span?: Span | undefined;
  /** What came before the model was called, and when that was: milliseconds since the request came in. */
  before?: { admit?: StepTimes; choose: StepTimes; calledAt: number };
}
