import { KEPT_MS } from '../../model/socket-limits.ts';
import type { AskRecord, AskStore, Claim, Recipient } from '../../ports/ask-store.ts';
import { Expression } from './expression.ts';
import { SocketTable } from './socket-table.ts';

/** Characters of sealed frames in one item, which may hold 400 KB. */
const PART = 350_000;

export const ASK_PREFIX = 'ask#';

const keyOf = (requestId: string): string => ASK_PREFIX + requestId;
const partKey = (requestId: string, part: number): string => `${keyOf(requestId)}#${part}`;

const number = (value: number): { N: string } => ({ N: String(value) });

/** Asks of WebSockets in the Connections table; long answers in several items, which are there before the ask says that it ended. */
export class DynamoAskStore implements AskStore {
  readonly #table: SocketTable;

  constructor(table: SocketTable) {
    this.#table = table;
  }

  async claim(
    { requestId, tenantId, connectionId }: Omit<AskRecord, 'sealed' | 'afterSeq'>,
    leaseMs: number,
  ): Promise<Claim> {
    const now = this.#table.now();
    const lease = { lease_until: number(now + leaseMs), ...SocketTable.expiry(now + leaseMs + KEPT_MS) };
    const item = {
      tenant: { S: tenantId },
      connection: { S: connectionId },
      after_seq: number(-1),
      ...lease,
    };
    const isNew = await this.#table.putIf(keyOf(requestId), item, {
      ConditionExpression: 'attribute_not_exists(connection_id)',
    });
    if (isNew) return 'claimed';
    const known = await this.#table.get(keyOf(requestId));
    if (known === undefined || known.parts !== undefined) return 'ended';
    if (Number(known.lease_until?.N) > now) return 'busy';
    const taken = new Expression().equal('lease_until', known.lease_until ?? number(0));
    for (const [name, value] of Object.entries(lease)) taken.set(name, value);
    return (await this.#table.update(keyOf(requestId), taken.input)) ? 'lost' : 'busy';
  }

  async find(requestId: string): Promise<AskRecord | undefined> {
    const item = await this.#table.get(keyOf(requestId));
    if (item === undefined) return undefined;
    const record = {
      requestId,
      tenantId: item.tenant?.S ?? '',
      connectionId: item.connection?.S ?? '',
      afterSeq: Number(item.after_seq?.N),
    };
    if (item.parts === undefined) return record;
    const others = Array.from({ length: Number(item.parts.N) - 1 }, (_, index) =>
      this.#table.get(partKey(requestId, index + 1)),
    );
    const sealed = [item, ...(await Promise.all(others))].map((part) => part?.sealed?.S ?? '').join('');
    return { ...record, sealed };
  }

  move(requestId: string, { connectionId, afterSeq }: Recipient): Promise<boolean> {
    const change = new Expression()
      .set('connection', { S: connectionId })
      .set('after_seq', number(afterSeq))
      .above('lease_until', this.#table.now())
      .absent('parts');
    return this.#table.update(keyOf(requestId), change.input);
  }

  async end(requestId: string, { connectionId, afterSeq }: Recipient, sealed: string): Promise<boolean> {
    const parts = Math.max(1, Math.ceil(sealed.length / PART));
    const expiry = SocketTable.expiry(this.#table.now() + KEPT_MS);
    for (let part = 1; part < parts; part++) {
      const text = sealed.slice(part * PART, (part + 1) * PART);
      await this.#table.put(partKey(requestId, part), { sealed: { S: text }, ...expiry });
    }
    const change = new Expression()
      .set('sealed', { S: sealed.slice(0, PART) })
      .set('parts', number(parts))
      .equal('connection', { S: connectionId })
      .equal('after_seq', number(afterSeq));
    for (const [name, value] of Object.entries(expiry)) change.set(name, value);
    return this.#table.update(keyOf(requestId), change.input);
  }
}
