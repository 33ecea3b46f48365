/** A registered model endpoint, as callers read it back and as the Config table keeps it. */

export type ProviderKind = 'simulated' | 'openai' | 'anthropic' | 'bedrock' | 'openai-compatible';

/** A model with `embeddings` makes vectors and nothing else. */
export const CAPABILITIES = ['tools', 'vision', 'json', 'streaming', 'embeddings'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** US dollars for a million tokens. */
export interface Price {
  input_per_mtok: number;
  output_per_mtok: number;
}

export type SimulatedFault = 'http_500' | 'http_429' | 'reset' | 'timeout' | 'cut' | 'garbage';

/** How a simulated model behaves; every field is optional, the provider supplies defaults. */
export interface SimulatedBehaviour {
  /** True quality 0..1, for all tasks or by task type. */
  quality?: number | Record<string, number>;
  /** Milliseconds until the answer is complete. */
  latency_ms?: number;
  /** Share of `latency_ms` by which the latency varies, 0..1. */
  jitter?: number;
  chunks?: number;
  tokens_out?: number;
  fault_rate?: number;
  fault?: SimulatedFault;
  /** Answer with the prompt as the provider received it. */
  echo?: boolean;
  seed?: number;
}

/** A tenant whose requests go to the provider with a key of its own. */
export interface TenantKey {
  tenant_id: string;
  updated_at: string;
}

/** By whose account at the provider one tenant's requests go. */
export interface ProviderAccount {
  tenant_id: string;
  /** Where it is missing the model's shared key serves, if there is one. */
  secret_name: string;
}

export interface Adapter {
  id: string;
  provider: ProviderKind;
  /** The provider's own name for the model. */
  model: string;
  price: Price;
  /** Prior belief in the answer's quality, 0..1. */
  quality: number;
  capabilities: Capability[];
  context_window: number;
  max_output_tokens: number;
  /** Prior belief in the latency of a whole answer, milliseconds. */
  latency_ms: number;
  enabled: boolean;
  base_url?: string;
  /** Name of the secret that holds the provider's key; the key itself is never part of an adapter. */
  secret_name?: string;
  /** By tenant; kept beside the model. One that has such keys and no shared one serves these tenants alone. */
  tenant_keys?: TenantKey[];
  /** Of the tenant that asks, if it has its own; never stored. `none`: the tenant may not be served without. */
  account?: ProviderAccount | 'none';
  simulated?: SimulatedBehaviour;
  created_at: string;
  updated_at: string;
}
