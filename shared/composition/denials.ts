/** Writes refusals down. Who is let in pays nothing for it: not even the code is loaded before somebody is refused. */
import type { Denials } from '../services/audit/denial-trail.ts';
import { once } from '../services/once.ts';
import type { AuditTrailDeps } from './audit-trail.ts';

export const composeDenials = (
  deps: AuditTrailDeps,
  log: { warn(message: string, fields: Record<string, unknown>): void },
): Denials => {
  const trail = once(async () => {
    const { composeDenialTrail } = await import('./audit-trail.ts');
    return composeDenialTrail(deps, (count) => log.warn('refusals wait for the audit log', { count }));
  });
  return { note: async (denial) => (await trail()).note(denial) };
};
