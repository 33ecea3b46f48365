/** A score joins its decision, its labels' personal data hidden. The same again is fine, another score is a conflict. */
import { AppError } from '../errors/app-error.ts';
import type { ObserveBody } from '../model/observe-schema.ts';
import type { FeedbackStore } from '../ports/observation-store.ts';

export interface FeedbackDeps {
  feedback: FeedbackStore;
  redact: (text: string) => string;
}

export const recordFeedback = async (
  { feedback, redact }: FeedbackDeps,
  tenantId: string,
  { request_id, quality_score, labels }: ObserveBody,
): Promise<{ status: 'ok' }> => {
  const clean = Object.entries(labels ?? {}).map(([name, value]) => [redact(name), redact(value)]);
  const result = await feedback.record({
    tenant_id: tenantId,
    request_id,
    quality_score,
    ...(labels === undefined ? {} : { labels: Object.fromEntries(clean) }),
  });
  if (result === 'unknown_request') throw new AppError('not_found', 'There is no request with this id.');
  if (result === 'different') {
    throw new AppError('conflict', 'This request was scored before, with another score or other labels.');
  }
  return { status: 'ok' };
};
