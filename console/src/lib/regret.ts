/**
 * What choosing otherwise would have gained, where it is known: simulated models say how good they really are. The
 * utility is the policy's own, in the weights of its balanced tier, at what each model's answers cost and took.
 */
import type { Adapter, Arm, Arms, Policy } from '../api/shapes.ts';

export const trueQuality = (adapter: Adapter | undefined): number | null =>
  typeof adapter?.simulated?.quality === 'number' ? adapter.simulated.quality : null;

const utilityOf = (arm: Arm, quality: number, weights: Policy['weights']['balanced']): number =>
  weights.quality * quality -
  (weights.cost * (arm.mean_cost_usd ?? 0)) / weights.cost_scale_usd -
  (weights.latency * (arm.mean_latency_ms ?? 0)) / weights.latency_scale_ms;

/** Mean regret a request in each step; null where any model that answered is one whose quality nobody knows. */
export const regretBySteps = (
  { arms, shares }: { readonly arms: readonly Arm[]; readonly shares: readonly Arms['shares'][number][] },
  adapters: readonly Adapter[],
  policy: Policy,
): (number | null)[] | null => {
  const utilities = new Map<string, number>();
  for (const arm of arms) {
    if (arm.requests === 0) continue;
    const quality = trueQuality(adapters.find(({ id }) => id === arm.id));
    if (quality === null) return null;
    utilities.set(arm.id, utilityOf(arm, quality, policy.weights.balanced));
  }
  if (utilities.size === 0) return null;
  const best = Math.max(...utilities.values());
  return shares.map(({ requests, by_model }) => {
    if (requests === 0) return null;
    const lost = Object.entries(by_model).reduce(
      (all, [id, n]) => all + n * (best - (utilities.get(id) ?? best)),
      0,
    );
    return lost / requests;
  });
};
