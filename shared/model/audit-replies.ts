/** What `GET /admin/audit` answers. */
import * as z from 'zod';
import { AUDIT_KINDS, AUDIT_OUTCOMES } from './audit.ts';
import { ROLES } from './tenant.ts';

const auditActor = z.strictObject({
  key_id: z.string(),
  tenant_id: z.string(),
  roles: z.array(z.enum(ROLES)),
});
export const auditEntryReply = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  kind: z.enum(AUDIT_KINDS),
  action: z.string(),
  outcome: z.enum(AUDIT_OUTCOMES),
  tenant_id: z.string().optional(),
  /** Left out where nobody was recognised. */
  actor: auditActor.optional(),
  target: z.record(z.string(), z.string()).optional(),
  /** What was asked; free text and secrets are replaced by what they were, in brackets. */
  change: z.unknown().optional(),
  status: z.int().min(100).optional(),
  request_id: z.string().optional(),
  /** Of a change that ended: the entry in which it began. */
  begun_by: z.uuid().optional(),
  /** Refusals alike that one entry stands for. */
  count: z.int().min(1).optional(),
  first_at: z.iso.datetime().optional(),
  chain: z.string(),
  seq: z.int().min(1),
});
export const auditReply = z.array(auditEntryReply);
