/** A tenant's ledger as an item of the Usage table, and the two ways it changes: by a swap, and by settlements. */
import type { Hold, Quota, Settlement } from '../../model/quota.ts';
import {
  type DayUse,
  type KeyUse,
  type LedgerChange,
  type LedgerItem,
  NO_KEY_USE,
  type UseBound,
} from '../../ports/usage-ledger.ts';
import { Expression } from './expression.ts';
import type { Item, TransactWriteItem } from './wire.ts';

const LEDGER = 'ledger';
const TOKENS = 'tokens#';
const COST = 'cost#';
const HOLD = 'hold#';
/** Of a key with limits of its own: `key#<id>`, `tokens@<id>#<day>`, `cost@<id>#<day>`. */
const KEY = 'key#';
const KEY_TOKENS = 'tokens@';
const KEY_COST = 'cost@';
const RADIX = 36;

export const keyOf = (tenantId: string): Item => ({ pk: { S: `tenant#${tenantId}` }, sk: { S: LEDGER } });

const packHold = ({ tokens, cost_nano, expires_at, lease, key }: Hold): string => {
  const leased = lease === undefined ? [] : [lease.requests, lease.until, lease.serial];
  const numbers = [tokens, cost_nano, expires_at, ...leased].join(':');
  return key === undefined ? numbers : `${numbers}@${key}`;
};

const unpackHold = (packed: string): Hold => {
  const [numbers = '', key] = packed.split('@');
  const [tokens = 0, cost_nano = 0, expires_at = 0, requests, until = 0, serial = 0] = numbers
    .split(':')
    .map(Number);
  return {
    tokens,
    cost_nano,
    expires_at,
    ...(requests === undefined ? {} : { lease: { requests, until, serial } }),
    ...(key === undefined ? {} : { key }),
  };
};

const keysIn = (item: Item): Record<string, KeyUse> => {
  const keys: Record<string, KeyUse> = {};
  for (const [name, value] of Object.entries(item)) {
    if (name.startsWith(KEY)) {
      const id = name.slice(KEY.length);
      const [until = '', windows = ''] = (value.S ?? '').split('|');
      keys[id] = { days: {}, ...keys[id], windows, until: Number.parseInt(until, RADIX) };
    } else if (name.startsWith(KEY_TOKENS)) {
      const [id = '', day = ''] = name.slice(KEY_TOKENS.length).split('#');
      const use = { tokens: Number(value.N), cost_nano: Number(item[`${KEY_COST}${id}#${day}`]?.N ?? 0) };
      const known = keys[id] ?? NO_KEY_USE;
      keys[id] = { ...known, days: { ...known.days, [day]: use } };
    }
  }
  return keys;
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
  const keys = keysIn(item);
  return {
    version: Number(item.version?.N ?? 0),
    ...(item.quota?.S === undefined ? {} : { quota: JSON.parse(item.quota.S) as Quota }),
    ...(item.windows?.S === undefined ? {} : { windows: item.windows.S }),
    days,
    holds,
    ...(Object.keys(keys).length === 0 ? {} : { keys }),
  };
};

const bound = (expression: Expression, prefixes: [string, string], atMost: UseBound | undefined): void => {
  const [tokens, cost] = prefixes;
  if (atMost?.tokens !== undefined) expression.atMost(tokens + atMost.day, atMost.tokens);
  if (atMost?.cost_nano !== undefined) expression.atMost(cost + atMost.day, atMost.cost_nano);
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
  bound(expression, [TOKENS, COST], change.atMost);
  for (const [id, { windows, until, dropDays, atMost }] of Object.entries(change.keys ?? {})) {
    if (windows === '') expression.remove(KEY + id);
    else expression.set(KEY + id, { S: `${until.toString(RADIX)}|${windows}` });
    for (const day of dropDays)
      expression.remove(`${KEY_TOKENS}${id}#${day}`).remove(`${KEY_COST}${id}#${day}`);
    bound(expression, [`${KEY_TOKENS}${id}#`, `${KEY_COST}${id}#`], atMost);
  }
  return expression;
};

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** The ledger's part of the transaction that writes observations, which is what makes it once: one update for each tenant. */
export const settlementUpdates =
  (table: string) =>
  (settlements: readonly Settlement[]): TransactWriteItem[] =>
    [...Map.groupBy(settlements, ({ tenant_id }) => tenant_id)].map(([tenantId, group]) => {
      const expression = new Expression();
      const book = (settlements: readonly Settlement[], prefixes: [string, string]): void => {
        for (const [day, ofDay] of Map.groupBy(settlements, (settlement) => settlement.day)) {
          expression
            .add(prefixes[0] + day, sum(ofDay.map(({ tokens }) => tokens)))
            .add(prefixes[1] + day, sum(ofDay.map(({ cost_nano }) => cost_nano)));
        }
      };
      book(group, [TOKENS, COST]);
      for (const [key, ofKey] of Map.groupBy(group, ({ held }) => held?.key)) {
        if (key !== undefined) book(ofKey, [`${KEY_TOKENS}${key}#`, `${KEY_COST}${key}#`]);
      }
      for (const { id, held } of group) if (held !== undefined) expression.remove(HOLD + id);
      return { Update: { TableName: table, Key: keyOf(tenantId), ...expression.input } };
    });
