/** What a stage says of an issuer, in tests. */
import { issuersSchema } from '../../../shared/config/identity.ts';
import type { TrustedIssuer } from '../../../shared/model/identity.ts';
import { AUDIENCE } from './real-issuer.ts';

export const trusting = (issuer: string, fields: Record<string, unknown> = {}): TrustedIssuer => {
  const written = {
    issuer,
    audience: AUDIENCE,
    tenant: { claim: 'tenant_id' },
    roles: { claim: 'groups', map: { 'atp-callers': 'caller', 'atp-operators': 'operator' } },
    ...fields,
  };
  const [parsed] = issuersSchema(true).parse([written]);
  if (parsed === undefined) throw new Error('it has one');
  return parsed;
};
