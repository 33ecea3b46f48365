/**
 * Which policy routes a request: the one that the caller named, else the tenant's, else the default; a share of them is handed
 * to that policy's challenger. Whatever policy routes, personal data is treated no less strictly, and no more passes the
 * prompt firewall, than the tenant's own policy asks.
 */
import { AppError } from '../../errors/app-error.ts';
import { FIREWALL_ACTIONS, FIREWALL_CATEGORIES, type FirewallSettings } from '../../model/firewall.ts';
import { type ConfigSnapshot, PII_MODES, PII_ON_FAILURE, type Policy } from '../../model/policy.ts';
import type { Random } from '../../ports/runtime.ts';

export const DEFAULT_POLICY_ID = 'default';

/** Of two that stand in an order of strictness the later one. */
const stricter = <Value>(order: readonly Value[], one: Value, other: Value): Value =>
  order.indexOf(one) > order.indexOf(other) ? one : other;

/** How a policy treats personal data, and what it lets pass. */
type Care = Required<Pick<Policy, 'pii_mode' | 'pii_on_failure' | 'firewall'>>;

const NO_SETTINGS: FirewallSettings = {};

const careOf = ({ pii_mode, pii_on_failure = 'refuse', firewall = NO_SETTINGS }: Policy): Care => ({
  pii_mode,
  pii_on_failure,
  firewall,
});

/** What the rules say by themselves flags and blocks: less than to block all, more than to flag all. */
const FIREWALL_ORDER = [...FIREWALL_ACTIONS.slice(0, -1), undefined, 'block'] as const;

const stricterFirewall = (one: FirewallSettings, other: FirewallSettings): FirewallSettings =>
  one === other
    ? one
    : Object.fromEntries(
        FIREWALL_CATEGORIES.flatMap((category) => {
          const action = stricter(FIREWALL_ORDER, one[category], other[category]);
          return action === undefined ? [] : [[category, action]];
        }),
      );

const stricterCare = (one: Care, other: Care): Care => ({
  pii_mode: stricter(PII_MODES, one.pii_mode, other.pii_mode),
  pii_on_failure: stricter(PII_ON_FAILURE, one.pii_on_failure, other.pii_on_failure),
  firewall: stricterFirewall(one.firewall, other.firewall),
});

const isFor = ({ tenants }: Policy, tenantId: string): boolean => tenants?.includes(tenantId) ?? true;

export class PolicyAssigner {
  readonly #random: Random;
  /** By tenant, for as long as requests see that copy of the policies. */
  readonly #byTenant = new WeakMap<ConfigSnapshot['policies'], ReadonlyMap<string, Policy>>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The tenant's policy, or its challenger. */
  assign(snapshot: ConfigSnapshot, tenantId: string): Policy {
    const own = this.#ownOf(snapshot, tenantId);
    return this.#orChallenger(own, careOf(own), snapshot);
  }

  /** A policy by name, or its challenger; undefined where the tenant has none of that name. */
  named(snapshot: ConfigSnapshot, tenantId: string, name: string): Policy | undefined {
    const policy = snapshot.policies.get(name);
    if (policy === undefined || !isFor(policy, tenantId)) return undefined;
    const own = this.#ownOf(snapshot, tenantId);
    return this.#orChallenger(policy, stricterCare(careOf(own), careOf(policy)), snapshot);
  }

  #ownOf({ policies }: ConfigSnapshot, tenantId: string): Policy {
    const own = this.#tenantsOf(policies).get(tenantId) ?? policies.get(DEFAULT_POLICY_ID);
    if (own === undefined) throw new AppError('internal', 'The default policy is missing.');
    return own;
  }

  #orChallenger(champion: Policy, care: Care, snapshot: ConfigSnapshot): Policy {
    const challenger = this.#challengerOf(champion, snapshot);
    if (challenger !== undefined) {
      const { sticky_sessions, cache, shadow = [] } = champion;
      const { cache: _, ...chosen } = challenger;
      return { ...chosen, ...care, sticky_sessions, shadow, ...(cache === undefined ? {} : { cache }) };
    }
    const own = careOf(champion);
    return care.pii_mode === own.pii_mode &&
      care.pii_on_failure === own.pii_on_failure &&
      care.firewall === own.firewall
      ? champion
      : { ...champion, ...care };
  }

  #challengerOf({ challenger }: Policy, { policies }: ConfigSnapshot): Policy | undefined {
    if (challenger === undefined || this.#random.next() * 100 >= challenger.percent) return undefined;
    return policies.get(challenger.policy);
  }

  /** Of policies that name the same tenant the first by id has it. */
  #tenantsOf(policies: ConfigSnapshot['policies']): ReadonlyMap<string, Policy> {
    const known = this.#byTenant.get(policies);
    if (known !== undefined) return known;
    const byId = [...policies.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    const found = new Map(byId.flatMap((policy) => (policy.tenants ?? []).map((tenant) => [tenant, policy])));
    this.#byTenant.set(policies, found);
    return found;
  }
}
