/**
 * Which policy routes a request: the one that the caller named, else the tenant's, else the default; a share of them is handed
 * to that policy's challenger. Whatever policy routes, personal data is treated no less strictly than the tenant's own
 * policy asks.
 */
import { AppError } from '../../errors/app-error.ts';
import { type ConfigSnapshot, PII_MODES, type PiiMode, type Policy } from '../../model/policy.ts';
import type { Random } from '../../ports/runtime.ts';

export const DEFAULT_POLICY_ID = 'default';

export interface Assignment {
  tenantId: string;
  /** A policy by name, where the caller may name one. */
  name?: string | undefined;
}

const stricter = (one: PiiMode, other: PiiMode): PiiMode =>
  PII_MODES.indexOf(one) > PII_MODES.indexOf(other) ? one : other;

const isFor = ({ tenants }: Policy, tenantId: string): boolean => tenants?.includes(tenantId) ?? true;

export class PolicyAssigner {
  readonly #random: Random;
  /** By tenant, for as long as requests see that copy of the policies. */
  readonly #byTenant = new WeakMap<ConfigSnapshot['policies'], ReadonlyMap<string, Policy>>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A policy that the tenant may name; undefined where there is none. */
  named({ policies }: ConfigSnapshot, tenantId: string, name: string): Policy | undefined {
    const policy = policies.get(name);
    return policy !== undefined && isFor(policy, tenantId) ? policy : undefined;
  }

  /** Throws `not_found` where the named policy is not there for the tenant. */
  assign(snapshot: ConfigSnapshot, { tenantId, name }: Assignment): Policy {
    const own = this.#tenantsOf(snapshot.policies).get(tenantId) ?? snapshot.policies.get(DEFAULT_POLICY_ID);
    if (own === undefined) throw new AppError('internal', 'The default policy is missing.');
    const champion = name === undefined ? own : this.named(snapshot, tenantId, name);
    if (champion === undefined) throw new AppError('not_found', 'There is no policy with this name.');
    const pii_mode = stricter(own.pii_mode, champion.pii_mode);
    const challenger = this.#challengerOf(champion, snapshot);
    if (challenger !== undefined) {
      const { sticky_sessions } = champion;
      return { ...challenger, pii_mode, sticky_sessions, shadow: champion.shadow ?? [] };
    }
    return pii_mode === champion.pii_mode ? champion : { ...champion, pii_mode };
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
