import { LONGEST_MS } from '../../model/socket-limits.ts';
import type { Principal } from '../../model/tenant.ts';
import type { ConnectionStore, RunningAsk, SocketConnection } from '../../ports/connection-store.ts';
import { ASK_PREFIX } from './ask-store.ts';
import { Expression } from './expression.ts';
import { SocketTable } from './socket-table.ts';
import type { Item } from './wire.ts';

/** The sweep closes a connection first, and removes it. */
const GRACE_MS = 600_000;
const CANCELLED = 'cancelled#';

/** WebSocket connections. An ask's cancellation is an attribute of its connection, so that one read shows all there are. */
export class DynamoConnectionStore implements ConnectionStore {
  readonly #table: SocketTable;

  constructor(table: SocketTable) {
    this.#table = table;
  }

  async open({
    id,
    principal,
    protocol,
    connected_at,
    seen_at,
  }: Omit<SocketConnection, 'cancelled' | 'closing_at'>): Promise<void> {
    await this.#table.put(id, {
      principal: { S: JSON.stringify(principal) },
      connected_at: { N: String(connected_at) },
      seen_at: { N: String(seen_at) },
      ...(protocol === undefined ? {} : { protocol: { S: protocol } }),
      ...SocketTable.expiry(connected_at + LONGEST_MS + GRACE_MS),
    });
  }

  async find(id: string): Promise<SocketConnection | undefined> {
    const item = await this.#table.get(id);
    return item === undefined ? undefined : fromItem(item);
  }

  close(id: string): Promise<void> {
    return this.#table.delete(id);
  }

  async seen(id: string, at: number): Promise<void> {
    const change = new Expression().set('seen_at', { N: String(at) }).remove('closing_at');
    await this.#table.update(id, change.present('principal').input);
  }

  async cancel(id: string, hash: string, at: number, forget: readonly string[]): Promise<void> {
    const change = new Expression().set(CANCELLED + hash, { N: String(at) });
    for (const known of forget) if (known !== hash) change.remove(CANCELLED + known);
    await this.#table.update(id, change.present('principal').input);
  }

  announce(id: string, closingAt: number): Promise<boolean> {
    const change = new Expression().set('closing_at', { N: String(closingAt) });
    return this.#table.update(id, change.present('principal').absent('closing_at').input);
  }

  async census(): Promise<{ open: SocketConnection[]; running: RunningAsk[] }> {
    const open: SocketConnection[] = [];
    const running: RunningAsk[] = [];
    for await (const item of this.#table.scan()) {
      if (!this.#table.isLive(item)) continue;
      if (item.principal !== undefined) open.push(fromItem(item));
      else if (Number(item.lease_until?.N) > this.#table.now() && item.parts === undefined)
        running.push(runningOf(item));
    }
    return { open, running };
  }

  async sweep(): Promise<SocketConnection[]> {
    const open: SocketConnection[] = [];
    const expired: string[] = [];
    for await (const item of this.#table.scan()) {
      if (!this.#table.isLive(item)) expired.push(item.connection_id?.S ?? '');
      else if (item.principal !== undefined) open.push(fromItem(item));
    }
    for (const key of expired) await this.#table.delete(key);
    return open;
  }
}

const runningOf = (item: Item): RunningAsk => ({
  requestId: (item.connection_id?.S ?? '').slice(ASK_PREFIX.length),
  connectionId: item.connection?.S ?? '',
});

const fromItem = (item: Item): SocketConnection => ({
  id: item.connection_id?.S ?? '',
  principal: JSON.parse(item.principal?.S ?? 'null') as Principal,
  ...(item.protocol?.S === 'mcp' ? { protocol: 'mcp' as const } : {}),
  connected_at: Number(item.connected_at?.N),
  seen_at: Number(item.seen_at?.N),
  ...(item.closing_at === undefined ? {} : { closing_at: Number(item.closing_at.N) }),
  cancelled: Object.fromEntries(
    Object.entries(item)
      .filter(([name]) => name.startsWith(CANCELLED))
      .map(([name, value]) => [name.slice(CANCELLED.length), Number(value.N)]),
  ),
});
