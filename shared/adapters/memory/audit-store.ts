import type { AuditEntry, AuditPage, AuditQuery, ChainHead } from '../../model/audit.ts';
import type { AuditPlace, AuditStore, ChainStep } from '../../ports/audit-store.ts';
import { beforeOf, pageOf, timeOf } from '../dynamodb/audit-pages.ts';

interface Chain {
  head: ChainHead;
  entries: AuditEntry[];
}

export class MemoryAuditStore implements AuditStore {
  /** Open to tests that tamper with it. */
  readonly chains = new Map<string, Chain>();

  async head(chain: string): Promise<ChainHead | undefined> {
    return this.chains.get(chain)?.head;
  }

  async append(steps: readonly ChainStep[]): Promise<boolean> {
    const isAsThought = ({ from, to }: ChainStep): boolean =>
      this.chains.get(to.chain)?.head.seal === from?.seal;
    if (!steps.every(isAsThought)) return false;
    for (const { to, entries } of steps) {
      const known = this.chains.get(to.chain)?.entries ?? [];
      this.chains.set(to.chain, { head: to, entries: [...known, ...entries] });
    }
    return true;
  }

  async entry(chain: string, seq: number): Promise<AuditEntry | undefined> {
    return this.#of(chain).find((entry) => entry.seq === seq);
  }

  async entries(chain: string, after: number, limit: number): Promise<AuditEntry[]> {
    return this.#of(chain)
      .filter(({ seq }) => seq > after)
      .slice(0, limit);
  }

  async list(query: AuditQuery): Promise<AuditPage> {
    const before = beforeOf(query);
    const read =
      query.tenant_id === undefined
        ? [...this.chains.values()].flatMap(({ entries }) => entries)
        : this.#of(`tenant#${query.tenant_id}`);
    const isOlder = (entry: AuditEntry): boolean =>
      before === undefined || ('seq' in before ? entry.seq < before.seq : timeOf(entry) < before.time);
    const byTime = (a: AuditEntry, b: AuditEntry): number => (timeOf(a) < timeOf(b) ? 1 : -1);
    const older = read.filter(isOlder);
    return pageOf(query.tenant_id === undefined ? older.sort(byTime) : older.reverse(), query, true);
  }

  async *places(): AsyncGenerator<readonly AuditPlace[], void, undefined> {
    for (const [chain, { entries }] of this.chains)
      yield [{ chain, seq: 'head' }, ...entries.map(({ seq }) => ({ chain, seq }))];
  }

  #of(chain: string): AuditEntry[] {
    return this.chains.get(chain)?.entries ?? [];
  }
}
