/**
 * Policies in shadow decide the same request, in the same batch of the selector, and are never obeyed. Fails open: one that
 * is gone, has no model to choose from or is refused leaves no trace, and the request goes on.
 */
import type { ShadowDecision } from '../../model/observation.ts';
import type { Policy } from '../../model/policy.ts';
import type { Random } from '../../ports/runtime.ts';
import { learnableOf } from './context.ts';
import { prepare, type Standings } from './predict.ts';
import type { PreparedRequest } from './prepared-request.ts';
import { type Context, selectRequestOf } from './select-request.ts';
import type { SelectorSwitch } from './selector-switch.ts';

interface ShadowDeps {
  selector: SelectorSwitch;
  random: Random;
  standings?: Standings | undefined;
}

export const shadowsOf = ({ policy, snapshot }: PreparedRequest): Policy[] =>
  (policy.shadow ?? []).flatMap((id) => {
    const shadow = id === policy.id ? undefined : snapshot.policies.get(id);
    return shadow === undefined ? [] : [shadow];
  });

export const decideInShadow = (
  requestId: string,
  prepared: PreparedRequest,
  shadows: readonly Policy[],
  context: Context,
  deps: ShadowDeps,
): ShadowDecision[] | Promise<ShadowDecision[]> => {
  if (shadows.length === 0) return [];
  return Promise.all(
    shadows.map((shadow, index) =>
      decide(`${requestId}~${index + 1}`, shadow, prepared, context, deps).catch(() => undefined),
    ),
  ).then((decisions) => decisions.filter((decision) => decision !== undefined));
};

const decide = async (
  id: string,
  policy: Policy,
  { ask, snapshot, tokensIn }: PreparedRequest,
  context: Context,
  { selector, random, standings }: ShadowDeps,
): Promise<ShadowDecision | undefined> => {
  const prepared = prepare(ask, snapshot.adapters, policy, tokensIn, standings);
  if (prepared.eligible.length === 0) return undefined;
  const request = selectRequestOf(id, prepared, context, random.seed());
  const { result } = await selector.select(request, snapshot.flags);
  if ('error' in result) return undefined;
  return {
    policy: policy.id,
    version: policy.version,
    model: result.ranking[0]?.id ?? '',
    state_version: result.state_version,
    propensities: Object.fromEntries(
      result.ranking.filter(({ propensity }) => propensity > 0).map((one) => [one.id, one.propensity]),
    ),
    ...learnableOf(policy, context.task),
  };
};
