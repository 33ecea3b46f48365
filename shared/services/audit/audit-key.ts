/** The name of the secret that signs the audit log. */
export const AUDIT_SECRET = 'audit-key';
