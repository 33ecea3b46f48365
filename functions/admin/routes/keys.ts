/** API keys: made and shown once, listed without secrets, rotated, revoked. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json, noContent } from '../../../shared/middleware/http-response.ts';
import { type GatewayEvent, principalOf } from '../../../shared/middleware/scope.ts';
import type { ApiKeyRecord, Principal } from '../../../shared/model/tenant.ts';
import type { KeyStore } from '../../../shared/ports/key-store.ts';
import type { Random } from '../../../shared/ports/runtime.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { makeApiKey } from '../../../shared/services/api-keys.ts';
import { Pepper } from '../../../shared/services/pepper.ts';
import { assertMayGive, assertUseful } from '../key-scopes.ts';
import { pageOf, queryOf } from '../pages.ts';
import type { KeyBody, RotateBody } from '../schema.ts';

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

export const withoutHash = <Record extends ApiKeyRecord>({
  hash: _,
  pepper_version: __,
  ...shown
}: Record): Omit<Record, 'hash' | 'pepper_version'> => shown;

const notFound = (): AppError => new AppError('not_found', 'There is no key with this id.');

const idOf = (event: GatewayEvent): string => {
  const id = event.pathParameters?.id ?? '';
  if (!KEY_ID.test(id)) throw notFound();
  return id;
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** A new key's fields, but for what is made at random. */
type Wanted = Omit<ApiKeyRecord, 'id' | 'hash' | 'pepper_version' | 'created_at'>;

export const keyRoutes = (deps: KeyDeps): Record<string, RouteHandler> => {
  const pepper = new Pepper(deps.secrets);
  const assertFuture = (expiresAt: string | undefined): void => {
    if (expiresAt !== undefined && Date.parse(expiresAt) <= deps.now())
      throw invalidField('/expires_at', 'must be in the future');
  };

  const make = async (wanted: Wanted): Promise<{ record: ApiKeyRecord; key: string }> => {
    const { id, key, secret } = makeApiKey({ env: deps.env, random: deps.random });
    const hashed = await pepper.hash(secret);
    return { key, record: { id, ...wanted, ...hashed, created_at: iso(deps.now()) } };
  };

  const rotate = async (old: ApiKeyRecord, body: RotateBody, principal: Principal) => {
    assertMayGive(principal, old.scopes, '');
    const now = deps.now();
    const end = old.expires_at === undefined ? undefined : Date.parse(old.expires_at);
    if (old.replaced_by !== undefined) throw new AppError('conflict', 'The key has been rotated already.');
    if (end !== undefined && end <= now) throw new AppError('conflict', 'The key has expired.');
    assertFuture(body.expires_at);
    const lifetime = end === undefined ? undefined : iso(now + end - Date.parse(old.created_at));
    const expiresAt = body.expires_at === undefined ? lifetime : iso(Date.parse(body.expires_at));
    const { tenant_id, roles, scopes, name } = old;
    const { record, key } = await make({
      tenant_id,
      roles,
      ...(scopes === undefined ? {} : { scopes }),
      ...(name === undefined ? {} : { name }),
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
      rotated_from: old.id,
    });
    const overlapEnd = Math.min(now + body.overlap_seconds * 1_000, end ?? Number.POSITIVE_INFINITY);
    await deps.keys.rotate(old, { ...old, expires_at: iso(overlapEnd), replaced_by: record.id }, record);
    return json(201, { ...withoutHash(record), key });
  };

  return {
    'POST /admin/keys': async (event) => {
      const body = event.scope.body as KeyBody;
      assertFuture(body.expires_at);
      if (deps.holdsPersonalData(body.tenant_id))
        throw invalidField('/tenant_id', 'must not hold personal data');
      assertUseful(body);
      assertMayGive(principalOf(event), body.scopes, '/scopes');
      const { record, key } = await make({
        tenant_id: body.tenant_id,
        roles: [...new Set(body.roles)],
        ...(body.scopes === undefined ? {} : { scopes: [...new Set(body.scopes)] }),
        ...(body.name === undefined ? {} : { name: deps.redact(body.name) }),
        ...(body.expires_at === undefined ? {} : { expires_at: iso(Date.parse(body.expires_at)) }),
      });
      await deps.keys.create(record);
      return json(201, { ...withoutHash(record), key });
    },
    'GET /admin/keys': async (event) => {
      const { tenant_id, ...page } = queryOf('GET /admin/keys', event);
      const keys = (await deps.keys.list()).filter(
        (key) => tenant_id === undefined || key.tenant_id === tenant_id,
      );
      return pageOf(event, keys.map(withoutHash), page, ({ id }) => id);
    },
    'DELETE /admin/keys/{id}': async (event) => {
      if (!(await deps.keys.delete(idOf(event)))) throw notFound();
      return noContent();
    },
    'POST /admin/keys/{id}/rotate': async (event) => {
      const old = await deps.keys.get(idOf(event));
      if (old === undefined) throw notFound();
      return rotate(old, event.scope.body as RotateBody, principalOf(event));
    },
  };
};
