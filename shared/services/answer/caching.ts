/** What a policy's cache means to one request: whether it is looked for, what was found, and what is kept. */
import type { RoutingWish } from '../../model/ask.ts';
import type { ChatBody } from '../../model/chat.ts';
import type { Policy } from '../../model/policy.ts';
import { type CachedRequest, mayBeKept, type Recalled } from '../replies/response-cache.ts';
import type { Choice } from '../routing/choose-model.ts';
import type { AskJob } from './ask-job.ts';

/** Of a call what an answer depends on. */
interface CacheableCall {
  target: string;
  wish: RoutingWish;
  documents: boolean;
  streams?: boolean;
  taskType?: string | undefined;
}

/** Looks for an answer; never rejects. */
export type LookUp = () => Promise<Recalled>;

/** Undefined where the policy keeps no answers. `redacted` is the chat without personal data. */
export const lookUpFor = (
  { target, wish, documents, streams, taskType }: CacheableCall,
  { chat, findings }: { chat: ChatBody; findings: number },
  { policy, tenantId }: { policy: Policy; tenantId: string },
  lookUp: (request: CachedRequest) => Promise<Recalled>,
): 'bypass' | LookUp | undefined => {
  const { id, version, cache } = policy;
  if (cache === undefined) return undefined;
  if (!mayBeKept(findings)) return 'bypass';
  const form = documents ? { documents, streams: streams === true } : {};
  const asked = { target, ...wishOf(wish), ...form, taskType, chat };
  return () => lookUp({ tenantId, policy: { id, version }, ttlMs: cache.ttl_s * 1_000, asked });
};

/** Of an ask it is more than the wish: the session, and whether it streams, say nothing of the answer. */
const wishOf = (wish: RoutingWish): RoutingWish => {
  const { quality, max_cost_usd, latency_slo_ms, max_tokens, answers, needs, embeds } = wish;
  return { quality, max_cost_usd, latency_slo_ms, max_tokens, answers, needs, ...(embeds ? { embeds } : {}) };
};

/** An answer counts only where the model that gave it might serve this request too. */
export const cachingOf = (
  cache: 'bypass' | LookUp | undefined,
  { ranked }: Choice,
  recalled: Recalled | undefined,
): Pick<AskJob, 'cache' | 'cached' | 'keep'> => {
  if (cache === undefined) return {};
  if (cache === 'bypass' || recalled === undefined) return { cache: 'bypass' };
  const { answer, keep } = recalled;
  const prediction = ranked.find(({ adapter }) => adapter.id === answer?.model);
  return answer === undefined || prediction === undefined
    ? { cache: 'miss', keep }
    : { cache: 'hit', cached: { prediction, answer } };
};
