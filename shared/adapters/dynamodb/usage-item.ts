/** A tenant's ledger as an item of the Usage table, and the two ways it changes: by a swap, and by settlements. */
import type { Hold, Quota, Settlement } from '../../model/quota.ts';
import type { DayUse, LedgerChange, LedgerItem } from '../../ports/usage-ledger.ts';
import { Expression } from './expression.ts';
import type { Item, TransactWriteItem } from './wire.ts';

const LEDGER = 'ledger';
const TOKENS = 'tokens#';
const COST = 'cost#';
const HOLD = 'hold#';

export const keyOf = (tenantId: string): Item => ({ pk: { S: `tenant#${tenantId}` }, sk: { S: LEDGER } });

const packHold = ({ tokens, cost_nano, expires_at, lease }: Hold): string =>
  [
    tokens,
    cost_nano,
    expires_at,
    ...(lease === undefined ? [] : [lease.requests, lease.at, lease.serial]),
  ].join(':');

const unpackHold = (packed: string): Hold => {
  const [tokens = 0, cost_nano = 0, expires_at = 0, requests, at = 0, serial = 0] = packed
    .split(':')
    .map(Number);
  const hold = { tokens, cost_nano, expires_at };
  return requests === undefined ? hold : { ...hold, lease: { requests, at, serial } };
};

export const fromItem = (item: Item): LedgerItem => {
  const days: Record<string, DayUse> = {};
  const holds: Record<string, Hold> = {};
  for (const [name, value] of Object.entries(item)) {
    if (name.startsWith(HOLD)) holds[name.slice(HOLD.length)] = unpackHold(value.S ?? '');
    else if (name.startsWith(TOKENS)) {
      const day = name.slice(TOKENS.length);
      days[day] = { tokens: Number(value.N), cost_nano: Number(item[COST + day]?.N ?? 0) };
    }
  }
  return {
    version: Number(item.version?.N ?? 0),
    ...(item.quota?.S === undefined ? {} : { quota: JSON.parse(item.quota.S) as Quota }),
    ...(item.windows?.S === undefined ? {} : { windows: item.windows.S }),
    days,
    holds,
  };
};

export const swapExpression = (expectedVersion: number, change: LedgerChange): Expression => {
  const expression = new Expression()
    .set('version', { N: String(expectedVersion + 1) })
    .set('windows', { S: change.windows });
  if (expectedVersion === 0) expression.absent('version');
  else expression.equal('version', { N: String(expectedVersion) });
  for (const [id, hold] of Object.entries(change.holds)) expression.set(HOLD + id, { S: packHold(hold) });
  for (const id of change.dropHolds) expression.remove(HOLD + id);
  for (const day of change.dropDays) expression.remove(TOKENS + day).remove(COST + day);
  const { atMost } = change;
  if (atMost?.tokens !== undefined) expression.atMost(TOKENS + atMost.day, atMost.tokens);
  if (atMost?.cost_nano !== undefined) expression.atMost(COST + atMost.day, atMost.cost_nano);
  return expression;
};

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** The ledger's part of the transaction that writes observations, which is what makes it once: one update for each tenant. */
export const settlementUpdates =
  (table: string) =>
  (settlements: readonly Settlement[]): TransactWriteItem[] =>
    [...Map.groupBy(settlements, ({ tenant_id }) => tenant_id)].map(([tenantId, group]) => {
      const expression = new Expression();
      for (const [day, ofDay] of Map.groupBy(group, (settlement) => settlement.day)) {
        expression
          .add(TOKENS + day, sum(ofDay.map(({ tokens }) => tokens)))
          .add(COST + day, sum(ofDay.map(({ cost_nano }) => cost_nano)));
      }
      for (const { id, held } of group) if (held !== undefined) expression.remove(HOLD + id);
      return { Update: { TableName: table, Key: keyOf(tenantId), ...expression.input } };
    });
