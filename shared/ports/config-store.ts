import type { Adapter, TenantKey } from '../model/adapter.ts';
import type { Drain } from '../model/drain.ts';
import type { ConfigSnapshot, Flags, Policy } from '../model/policy.ts';

/** What holds where nothing was stored. */
export interface ConfigDefaults {
  policy: Policy;
  flags: Flags;
}

/** Adapters, policies, flags and whether the stage drains: small, read often, written seldom. Reads are strongly consistent. */
export interface ConfigStore {
  snapshot(): Promise<ConfigSnapshot>;
  listAdapters(): Promise<Adapter[]>;
  getAdapter(id: string): Promise<Adapter | undefined>;
  /** Tenants' keys stay as they are. */
  putAdapter(adapter: Adapter): Promise<void>;
  /** Its tenants' keys stay: they are another's to remove. False when there was none. */
  deleteAdapter(id: string): Promise<boolean>;
  /** By tenant; also of a model that was removed. */
  listTenantKeys(adapterId: string): Promise<TenantKey[]>;
  putTenantKey(adapterId: string, key: TenantKey): Promise<void>;
  /** False when there was none. */
  deleteTenantKey(adapterId: string, tenantId: string): Promise<boolean>;
  /** The built-in default among them unless it was replaced, by id. */
  listPolicies(): Promise<Policy[]>;
  getPolicy(id: string): Promise<Policy | undefined>;
  /** Keeps it as that version for ever and puts it in force, in one transaction. Throws `conflict` where the version is taken. */
  putPolicy(policy: Policy): Promise<void>;
  /** Takes it out of force and keeps its versions. False where none was stored. */
  deletePolicy(id: string): Promise<boolean>;
  /** Newest first; also of a policy that was deleted. */
  listPolicyVersions(id: string, limit: number): Promise<Policy[]>;
  getFlags(): Promise<Flags>;
  putFlags(flags: Flags): Promise<void>;
  getDrain(): Promise<Drain>;
  putDrain(drain: Drain): Promise<void>;
}

/** A snapshot that is at most seconds old; see services/cached-config.ts for the bounds. */
export interface ConfigSource {
  current(): Promise<ConfigSnapshot>;
  /** Reads now; for the moment when the copy at hand cannot serve. */
  refresh(): Promise<ConfigSnapshot>;
}
