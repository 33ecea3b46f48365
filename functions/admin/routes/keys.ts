/** API keys: made and shown once, listed without secrets, revoked. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json, noContent } from '../../../shared/middleware/http-response.ts';
import type { ApiKeyRecord } from '../../../shared/model/tenant.ts';
import type { KeyStore } from '../../../shared/ports/key-store.ts';
import type { Random } from '../../../shared/ports/runtime.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { hashSecret, makeApiKey } from '../../../shared/services/api-keys.ts';
import { PEPPER_SECRET } from '../../../shared/services/authenticate.ts';
import { completeLimits } from '../../../shared/services/quotas.ts';
import type { KeyBody } from '../schema.ts';

export interface KeyDeps {
  keys: KeyStore;
  secrets: SecretStore;
  random: Random;
  now: () => number;
  /** The stage's name, which keys carry. */
  env: string;
  holdsPersonalData: (text: string) => boolean;
  redact: (text: string) => string;
}

const KEY_ID = /^[0-9a-z]{4,32}$/;

const withoutHash = ({ hash: _, ...shown }: ApiKeyRecord): Omit<ApiKeyRecord, 'hash'> => shown;

export const keyRoutes = (deps: KeyDeps): Record<string, RouteHandler> => ({
  'POST /admin/keys': async (event) => {
    const body = event.scope.body as KeyBody;
    const now = deps.now();
    if (body.expires_at !== undefined && Date.parse(body.expires_at) <= now) {
      throw invalidField('/expires_at', 'must be in the future');
    }
    if (deps.holdsPersonalData(body.tenant_id))
      throw invalidField('/tenant_id', 'must not hold personal data');
    const pepper = await deps.secrets.get(PEPPER_SECRET);
    if (pepper === undefined)
      throw new AppError('unavailable', 'Keys cannot be made: the pepper is missing.');
    const { id, key, secret } = makeApiKey({ env: deps.env, random: deps.random });
    const record: ApiKeyRecord = {
      id,
      tenant_id: body.tenant_id,
      roles: [...new Set(body.roles)],
      ...(body.name === undefined ? {} : { name: deps.redact(body.name) }),
      hash: hashSecret(secret, pepper),
      created_at: new Date(now).toISOString(),
      ...(body.expires_at === undefined ? {} : { expires_at: new Date(body.expires_at).toISOString() }),
      ...(body.rate_limit === undefined ? {} : { rate_limit: completeLimits(body.rate_limit) }),
    };
    await deps.keys.create(record);
    return json(201, { ...withoutHash(record), key });
  },
  'GET /admin/keys': async () => json(200, (await deps.keys.list()).map(withoutHash)),
  'DELETE /admin/keys/{id}': async (event) => {
    const id = event.pathParameters?.id ?? '';
    if (!KEY_ID.test(id) || !(await deps.keys.delete(id))) {
      throw new AppError('not_found', 'There is no key with this id.');
    }
    return noContent();
  },
});
