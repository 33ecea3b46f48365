/**
 * The chain itself, without any I/O: HMAC-SHA-256 over each entry's own text, which holds its chain, its number and the mac of
 * the entry before. A head is sealed with the same key, so a shortened chain cannot be given a head that fits.
 */
import { createHmac, type KeyObject } from 'node:crypto';
import type { AuditEntry, AuditEvent, ChainedEvent, ChainHead } from '../../model/audit.ts';

export interface AuditKey {
  version: string;
  key: KeyObject;
}

/** Names every chain that was ever begun: its own entries are the only ones that concern no tenant and no refusal. */
export const REGISTRY = 'chains';
const TENANTS = 'tenant#';

export const tenantChain = (tenantId: string): string => TENANTS + tenantId;

/** Undefined for the chain of what concerns no tenant. */
export const tenantOf = (chain: string): string | undefined =>
  chain.startsWith(TENANTS) ? chain.slice(TENANTS.length) : undefined;

const mac = (key: KeyObject, use: 'entry' | 'head', text: string): string =>
  createHmac('sha256', key).update(`${use}\n${text}`).digest('base64url');

export const macOf = (key: KeyObject, document: string): string => mac(key, 'entry', document);

const headText = ({ chain, seq, mac: last, key_version }: Omit<ChainHead, 'seal'>): string =>
  JSON.stringify([chain, seq, last, key_version]);

export const sealOf = (key: KeyObject, head: Omit<ChainHead, 'seal'>): string =>
  mac(key, 'head', headText(head));

/** The entries that follow `head`, and the head after them. */
export const extend = (
  chain: string,
  head: ChainHead | undefined,
  events: readonly AuditEvent[],
  { version, key }: AuditKey,
): { entries: AuditEntry[]; to: ChainHead } => {
  let seq = head?.seq ?? 0;
  let prev = head?.mac ?? '';
  const entries = events.map((event): AuditEntry => {
    seq += 1;
    const chained: ChainedEvent = { ...event, chain, seq, prev, key_version: version };
    const document = JSON.stringify(chained);
    prev = macOf(key, document);
    return { chain, seq, at: event.at, id: event.id, document, mac: prev };
  });
  const unsealed = { chain, seq, mac: prev, key_version: version };
  return { entries, to: { ...unsealed, seal: sealOf(key, unsealed) } };
};

export const eventOf = ({ document }: Pick<AuditEntry, 'document'>): ChainedEvent =>
  JSON.parse(document) as ChainedEvent;
