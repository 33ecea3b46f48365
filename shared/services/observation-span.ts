/** The newest observations of a span, at most so many. */
import type { Observation } from '../model/observation.ts';
import type { ObservationStore } from '../ports/observation-store.ts';

/** Milliseconds since the epoch: from then on, and before then. */
export interface Span {
  from: number;
  to: number;
}

const PAGE = 500;

/** `isEnough` is asked after each page, newest first, and may end the reading. */
export const newestOf = async (
  store: Pick<ObservationStore, 'list'>,
  { from, to }: Span,
  most: number,
  isEnough: (page: readonly Observation[]) => boolean = () => false,
): Promise<{ observations: Observation[]; truncated: boolean }> => {
  const observations: Observation[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < most; read += PAGE) {
    const page = await store.list({
      limit: Math.min(PAGE, most - read),
      since: from,
      until: to,
      ...(cursor === undefined ? {} : { cursor }),
    });
    observations.push(...page.items);
    cursor = page.cursor;
    if (cursor === undefined || isEnough(page.items)) return { observations, truncated: false };
  }
  return { observations, truncated: true };
};
