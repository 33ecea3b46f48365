/** Models: register or replace, list, read, remove. A provider's key goes into the secret store and nowhere else. */
import { AppError, type FieldError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json, noContent } from '../../../shared/middleware/http-response.ts';
import { principalOf } from '../../../shared/middleware/scope.ts';
import type { Adapter, ProviderKind } from '../../../shared/model/adapter.ts';
import type { HealthRecord } from '../../../shared/model/health.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { HealthStore } from '../../../shared/ports/health-store.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { checkBaseUrl } from '../../../shared/services/base-url.ts';
import { healthOf } from '../../../shared/services/health/standing.ts';
import type { ModelTrial } from '../../../shared/services/health/try-model.ts';
import { asSeenBy } from '../../../shared/services/routing/own-keys.ts';
import { OWN_SECRET_NAMES } from '../../../shared/services/secrets/own-secrets.ts';
import { pageOf, queryOf } from '../pages.ts';
import type { AdapterBody } from '../schema.ts';
import { namedAdapter, unknownAdapter } from './named-adapter.ts';
import { forgetTenantKeys } from './tenant-keys.ts';

export interface AdapterDeps {
  config: ConfigStore;
  secrets: SecretStore;
  health: HealthStore;
  now: () => number;
  holdsPersonalData: (text: string) => boolean;
  supportedProviders: readonly ProviderKind[];
  allowSimulated: boolean;
  allowPrivateUrls: boolean;
  /** Calls it once. */
  tryModel: (adapter: Adapter, requestId: string) => Promise<ModelTrial>;
}

const DEFAULTS = { max_output_tokens: 4_096, latency_ms: 1_000 };
const CONTEXT_WINDOW = { simulated: 1_000_000, real: 128_000 };
const SIMULATED_LATENCY_MS = 50;

const OWN_SECRETS = 'adapters/';
const ownSecret = (id: string): string => OWN_SECRETS + id;

const originOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new URL(url).origin;

export const adapterRoutes = (deps: AdapterDeps): Record<string, RouteHandler> => ({
  'POST /admin/adapters': async (event) => {
    const body = event.scope.body as AdapterBody;
    const provider = providerOf(body, deps);
    assertPermitted(body, provider, deps);
    const existing = await deps.config.getAdapter(body.id);
    assertSecretMayGoThere(body, existing);
    const adapter = toAdapter(body, provider, existing, new Date(deps.now()).toISOString());
    if (body.api_key !== undefined) await deps.secrets.put(ownSecret(body.id), body.api_key);
    // Before the model moves, so that no key goes where it was not given for.
    const tenantKeys = await keptKeys(deps, body, existing);
    await deps.config.putAdapter(adapter);
    if (existing?.secret_name === ownSecret(body.id) && adapter.secret_name !== existing.secret_name) {
      await deps.secrets.delete(existing.secret_name);
    }
    // What an earlier registration's calls said counts no longer.
    return json(200, shown(deps, { ...adapter, ...tenantKeys }));
  },
  'GET /admin/adapters': async (event) => {
    const query = queryOf('GET /admin/adapters', event);
    const [adapters, records] = await Promise.all([deps.config.listAdapters(), deps.health.list()]);
    const known = new Map(records.map((record) => [record.adapter, record]));
    const all = adapters.map((adapter) => shown(deps, adapter, known.get(adapter.id)));
    return pageOf(event, all, query, ({ id }) => id);
  },
  'GET /admin/adapters/{id}': async (event) => {
    const adapter = await namedAdapter(deps.config, event.pathParameters?.id);
    return json(200, shown(deps, adapter, await deps.health.get(adapter.id)));
  },
  'DELETE /admin/adapters/{id}': async (event) => {
    const existing = await namedAdapter(deps.config, event.pathParameters?.id);
    await forgetTenantKeys(deps, existing.id);
    if (!(await deps.config.deleteAdapter(existing.id))) throw unknownAdapter();
    if (existing.secret_name === ownSecret(existing.id)) await deps.secrets.delete(existing.secret_name);
    return noContent();
  },
  'POST /admin/adapters/{id}/test': async (event) => {
    const adapter = await namedAdapter(deps.config, event.pathParameters?.id);
    const { tenant_id } = principalOf(event);
    return json(200, await deps.tryModel(asSeenBy(tenant_id, adapter), event.scope.id));
  },
});

const shown = ({ now }: AdapterDeps, adapter: Adapter, record?: HealthRecord) => ({
  ...adapter,
  health: healthOf(adapter, record, now()),
});

const providerOf = (body: AdapterBody, deps: AdapterDeps): ProviderKind => {
  if (body.provider === undefined && !deps.allowSimulated) {
    throw invalidField('/provider', 'is needed: this stage does not allow simulated models');
  }
  return body.provider ?? 'simulated';
};

const assertPermitted = (body: AdapterBody, provider: ProviderKind, deps: AdapterDeps): void => {
  const errors: FieldError[] = [];
  const refuse = (path: string, message: string): void => void errors.push({ path, message });
  if (provider === 'simulated' && !deps.allowSimulated)
    refuse('/provider', 'this stage does not allow simulated models');
  if (!deps.supportedProviders.includes(provider)) refuse('/provider', 'is not served by this version');
  if (body.simulated !== undefined && provider !== 'simulated') {
    refuse('/simulated', 'describes a simulated model, which this is not');
  }
  if (provider === 'openai-compatible' && body.base_url === undefined)
    refuse('/base_url', 'is needed by this provider');
  if (provider === 'bedrock') refuseBedrock(body, deps, refuse);
  if (body.base_url !== undefined) {
    const fault = checkBaseUrl(body.base_url, { allowPrivate: deps.allowPrivateUrls });
    if (fault !== undefined) refuse('/base_url', fault);
  }
  for (const field of ['id', 'model', 'base_url', 'secret_name'] as const) {
    const text = body[field];
    if (text !== undefined && holdsPersonalData(field, text, deps))
      refuse(`/${field}`, 'must not hold personal data');
  }
  for (const task of typeof body.simulated?.quality === 'object' ? Object.keys(body.simulated.quality) : []) {
    if (deps.holdsPersonalData(task))
      refuse('/simulated/quality', 'must not hold personal data in a task name');
  }
  if (errors.length > 0) {
    throw new AppError('invalid_request', 'The request is not valid; `errors` names each field.', { errors });
  }
};

const BEDROCK_HOST =
  /^(?:vpce-[a-z0-9-]+\.)?bedrock-runtime(?:-fips)?\.[a-z0-9-]+\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/;

/** Its calls are signed with the stage's own credentials, so they go nowhere else and there is no key. */
const refuseBedrock = (
  { api_key, secret_name, base_url }: AdapterBody,
  { allowPrivateUrls }: AdapterDeps,
  refuse: (path: string, message: string) => void,
): void => {
  if (api_key !== undefined) refuse('/api_key', 'is of no use: Bedrock is called with an IAM role');
  if (secret_name !== undefined) refuse('/secret_name', 'is of no use: Bedrock is called with an IAM role');
  if (base_url === undefined || allowPrivateUrls || !URL.canParse(base_url)) return;
  if (!BEDROCK_HOST.test(new URL(base_url).hostname))
    refuse('/base_url', 'must be an address of Amazon Bedrock, which alone calls are signed for');
};

/** The host of a private base URL may be an IP address; that is a machine, not a person. */
const holdsPersonalData = (field: string, text: string, deps: AdapterDeps): boolean => {
  if (field !== 'base_url') return deps.holdsPersonalData(text);
  if (!URL.canParse(text)) return false;
  const { pathname } = new URL(text);
  try {
    return deps.holdsPersonalData(decodeURIComponent(pathname));
  } catch {
    // What cannot be decoded cannot be judged.
    return true;
  }
};

/** Our own secrets are no provider's keys, and a key given for one place is not sent to another by naming it. */
const assertSecretMayGoThere = (body: AdapterBody, existing: Adapter | undefined): void => {
  const { secret_name } = body;
  if (secret_name === undefined) return;
  const isOurs = OWN_SECRET_NAMES.includes(secret_name);
  const isKept = secret_name === existing?.secret_name && isSamePlace(body, existing);
  if (isOurs || (secret_name.startsWith(OWN_SECRETS) && !isKept)) {
    throw invalidField('/secret_name', 'is kept for other uses: give api_key, or a secret of your own');
  }
};

const isSamePlace = (body: AdapterBody, existing: Adapter): boolean =>
  (body.provider ?? 'simulated') === existing.provider &&
  originOf(body.base_url) === originOf(existing.base_url);

const toAdapter = (
  body: AdapterBody,
  provider: ProviderKind,
  existing: Adapter | undefined,
  now: string,
): Adapter => {
  const isSimulated = provider === 'simulated';
  const perMtok = (body.cost_per_1k ?? 0) * 1_000;
  const secretName = secretNameOf(body, existing);
  return {
    id: body.id,
    provider,
    model: body.model ?? body.id,
    price: body.price ?? { input_per_mtok: perMtok, output_per_mtok: perMtok },
    quality: body.quality,
    capabilities: body.capabilities,
    context_window: body.context_window ?? (isSimulated ? CONTEXT_WINDOW.simulated : CONTEXT_WINDOW.real),
    max_output_tokens: body.max_output_tokens ?? DEFAULTS.max_output_tokens,
    latency_ms:
      body.latency_ms ??
      (isSimulated ? (body.simulated?.latency_ms ?? SIMULATED_LATENCY_MS) : DEFAULTS.latency_ms),
    enabled: body.enabled,
    ...(body.base_url === undefined ? {} : { base_url: body.base_url }),
    ...(secretName === undefined ? {} : { secret_name: secretName }),
    ...(body.simulated === undefined
      ? {}
      : { simulated: body.simulated as NonNullable<Adapter['simulated']> }),
    created_at: existing?.created_at ?? now,
    updated_at: now,
  };
};

/** Tenants' keys stay with the place that they were given for. */
const keptKeys = async (
  deps: AdapterDeps,
  body: AdapterBody,
  existing: Adapter | undefined,
): Promise<Pick<Adapter, 'tenant_keys'>> => {
  if (existing !== undefined && isSamePlace(body, existing))
    return existing.tenant_keys === undefined ? {} : { tenant_keys: existing.tenant_keys };
  // Also those that a removal which failed half-way left behind.
  await forgetTenantKeys(deps, body.id);
  return {};
};

/** A key once given stays until another is given, as long as it would go to the same place. */
const secretNameOf = (body: AdapterBody, existing: Adapter | undefined): string | undefined => {
  if (body.secret_name !== undefined) return body.secret_name;
  if (body.api_key !== undefined) return ownSecret(body.id);
  if (existing === undefined || !isSamePlace(body, existing)) return undefined;
  return existing.secret_name === ownSecret(body.id) ? existing.secret_name : undefined;
};
