/** Where a page of the audit log goes on, and which entries a listing wants. */
import { invalidField } from '../../errors/app-error.ts';
import type { AuditEntry, AuditPage, AuditQuery, ChainedEvent } from '../../model/audit.ts';

/** Before the entry of this time (over all chains), or of this number (in one). */
export type Before = { time: string } | { seq: number };

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#[0-9a-f-]{36}$/;

/** Sorts as entries came into being, over all chains. */
export const timeOf = ({ at, id }: Pick<AuditEntry, 'at' | 'id'>): string => `${at}#${id}`;

const encode = (before: Before): string => Buffer.from(JSON.stringify(before)).toString('base64url');

/** Throws a 400 for a cursor that was never given, or was given for another listing. */
export const beforeOf = ({ cursor, tenant_id }: AuditQuery): Before | undefined => {
  if (cursor === undefined) return undefined;
  const before = parse(cursor);
  if (before !== undefined && 'seq' in before === (tenant_id !== undefined)) return before;
  throw invalidField('/query/cursor', 'is not a cursor of this listing');
};

const parse = (cursor: string): Before | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof value !== 'object' || value === null) return undefined;
    if ('time' in value && typeof value.time === 'string' && TIME.test(value.time))
      return { time: value.time };
    if ('seq' in value && typeof value.seq === 'number' && Number.isSafeInteger(value.seq) && value.seq > 0)
      return { seq: value.seq };
  } catch {
    // Falls through to the same complaint.
  }
  return undefined;
};

/** Undefined for what somebody has tampered with beyond reading. */
const eventOf = ({ document }: AuditEntry): ChainedEvent | undefined => {
  try {
    return JSON.parse(document) as ChainedEvent;
  } catch {
    return undefined;
  }
};

export const isWanted = (event: ChainedEvent, query: AuditQuery): boolean => {
  const at = Date.parse(event.at);
  return (
    (query.kind === undefined || event.kind === query.kind) &&
    (query.outcome === undefined || event.outcome === query.outcome) &&
    (query.action === undefined || event.action === query.action) &&
    (query.actor === undefined || event.actor?.key_id === query.actor) &&
    (query.from === undefined || at >= query.from) &&
    (query.to === undefined || at <= query.to)
  );
};

/**
 * The wanted ones of what was read, newest first; `isAll` where there is nothing older. Where more is left, the cursor is the
 * last entry that was looked at.
 */
export const pageOf = (read: readonly AuditEntry[], query: AuditQuery, isAll: boolean): AuditPage => {
  const items: ChainedEvent[] = [];
  for (const [index, entry] of read.entries()) {
    const event = eventOf(entry);
    if (event !== undefined && isWanted(event, query)) items.push(event);
    const isLast = index === read.length - 1;
    if (items.length === query.limit && !(isLast && isAll)) return { items, cursor: cursorAt(entry, query) };
  }
  const last = read.at(-1);
  return isAll || last === undefined ? { items } : { items, cursor: cursorAt(last, query) };
};

const cursorAt = (entry: AuditEntry, { tenant_id }: AuditQuery): string =>
  encode(tenant_id === undefined ? { time: timeOf(entry) } : { seq: entry.seq });
