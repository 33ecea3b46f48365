/** What a new key may be narrowed to. Nobody gives more than they have: a narrowed operator could else make itself a wide key. */
import { SCOPES } from '../../shared/config/scopes.ts';
import { AppError, invalidField } from '../../shared/errors/app-error.ts';
import type { Principal, Role } from '../../shared/model/tenant.ts';

/** Throws 400 for a scope that none of the roles has: the key could never use it. */
export const assertUseful = ({
  roles,
  scopes = [],
}: {
  roles: readonly Role[];
  scopes?: readonly string[] | undefined;
}): void => {
  const at = scopes.findIndex((scope) => !roles.some((role) => SCOPES.get(scope)?.has(role)));
  if (at >= 0) throw invalidField(`/scopes/${at}`, 'is permitted by none of the roles');
};

/** `path` names the field at fault, where there is one. */
export const assertMayGive = (
  { scopes: own }: Principal,
  given: readonly string[] | undefined,
  path: string,
): void => {
  if (own === undefined || given?.every((scope) => own.includes(scope))) return;
  const detail = 'A narrowed key gives no more than it has itself.';
  throw new AppError(
    'forbidden',
    detail,
    path === '' ? {} : { errors: [{ path, message: `must be among ${own.join(', ')}` }] },
  );
};
