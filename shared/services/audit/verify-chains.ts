/**
 * Finds the first entry that is not as it was written: edited, taken away (from the middle, the end, or a whole chain), moved,
 * or put in. Reads only. What it cannot see is a store put back as a whole to an earlier moment: that is what anchors are for,
 * the heads that were seen before.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { AuditEntry, ChainedEvent, ChainHead } from '../../model/audit.ts';
import type { AuditPlace, AuditStore } from '../../ports/audit-store.ts';
import { sameSecret } from '../api-keys.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import { macOf, REGISTRY, sealOf } from './chain.ts';

export type Fault =
  | 'missing'
  | 'edited'
  | 'misplaced'
  | 'head_missing'
  | 'head_edited'
  | 'beyond_head'
  | 'put_in'
  | 'chain_missing'
  | 'rolled_back'
  | 'key_missing'
  | 'empty';

export interface Broken {
  chain: string;
  /** Number of the first entry that is not as it was written; 0 for the chain itself. */
  seq: number;
  fault: Fault;
  /** Of the entry, as far as it can be read. */
  id?: string;
}

/** What is remembered of a chain: it may grow, and its entry of that number stays what it is. */
export type Anchor = Pick<ChainHead, 'chain' | 'seq' | 'mac'>;

export interface Verification {
  ok: boolean;
  /** False where time was over before the end. */
  complete: boolean;
  chains: number;
  entries: number;
  first_broken?: Broken;
  /** The first fault of each chain. */
  broken: Broken[];
  anchors: Anchor[];
}

const PAGE = 500;

type Reads = Pick<AuditStore, 'head' | 'entries' | 'places'>;

export class ChainVerifier {
  readonly #store: Reads;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #anchors: ReadonlyMap<string, Anchor>;

  constructor(store: Reads, ring: KeyRing, anchors: readonly Anchor[] = []) {
    this.#store = store;
    this.#keys = new Map(
      [ring.current, ...ring.former].map(({ version, secret }) => [version, createSecretKey(secret, 'utf8')]),
    );
    this.#anchors = new Map(anchors.map((anchor) => [anchor.chain, anchor]));
  }

  /** All chains, or the registry and `only`. `isLate` is asked between pages. */
  async verify({
    only,
    isLate = () => false,
  }: {
    only?: string | undefined;
    isLate?: () => boolean;
  } = {}): Promise<Verification> {
    const found = nothingYet();
    const registered = await this.#registered(found, isLate);
    const names = new Set([...registered, ...this.#anchors.keys()]);
    names.delete(REGISTRY);
    if (only !== undefined) for (const chain of names) if (chain !== only) names.delete(chain);
    for (const chain of names) if (found.complete) await this.#chain(chain, found, isLate);
    await this.#strays(await this.#placesOf(only), registered, found, isLate);
    const [first] = found.broken;
    return { ...found, ok: first === undefined, ...(first === undefined ? {} : { first_broken: first }) };
  }

  /** Chains that began as they have to, the registry itself among them. */
  async #registered(found: Verification, isLate: () => boolean): Promise<ReadonlySet<string>> {
    const names = new Set<string>([REGISTRY]);
    await this.#chain(REGISTRY, found, isLate, ({ target }) => {
      if (target?.chain !== undefined) names.add(target.chain);
    });
    return names;
  }

  async #placesOf(only: string | undefined): Promise<AsyncIterable<readonly AuditPlace[]>> {
    return only === undefined ? this.#store.places() : onePage(await this.#store.entries(only, 0, 1));
  }

  /** What lies where no chain of ours is; it would be listed all the same. A broken registry cannot tell. */
  async #strays(
    places: AsyncIterable<readonly AuditPlace[]>,
    registered: ReadonlySet<string>,
    found: Verification,
    isLate: () => boolean,
  ): Promise<void> {
    if (found.broken.some(({ chain }) => chain === REGISTRY)) return;
    const unregistered = new Set<string>();
    const misshapen = new Set<string>();
    for await (const page of places) {
      if (!found.complete || isLate()) {
        found.complete = false;
        return;
      }
      for (const { chain, seq } of page) {
        if (seq === undefined) misshapen.add(chain);
        else if (!registered.has(chain)) unregistered.add(chain);
      }
    }
    if (unregistered.size > 0) {
      // A chain may have begun meanwhile.
      for (const chain of await this.#registered(nothingYet(), () => false)) unregistered.delete(chain);
    }
    const told = new Set(found.broken.map(({ chain }) => chain));
    for (const chain of new Set([...unregistered, ...misshapen]))
      if (!told.has(chain)) found.broken.push({ chain, seq: 0, fault: 'put_in' });
  }

  async #chain(
    chain: string,
    found: Verification,
    isLate: () => boolean,
    each?: (event: ChainedEvent) => void,
  ): Promise<void> {
    found.chains += 1;
    const head = await this.#store.head(chain);
    let last: { seq: number; mac: string } = { seq: 0, mac: '' };
    let broken: Broken | undefined;
    const anchor = this.#anchors.get(chain);
    const fail = (seq: number, fault: Fault, entry?: AuditEntry): void => {
      broken ??= { chain, seq, fault, ...(entry === undefined ? {} : { id: entry.id }) };
    };
    for (let more = true; more && broken === undefined; ) {
      if (isLate()) {
        found.complete = false;
        return;
      }
      const page = await this.#store.entries(chain, last.seq, PAGE);
      more = page.length === PAGE;
      for (const entry of page) {
        const fault = this.#faultOf(entry, chain, last);
        if (fault !== undefined) {
          fail(
            fault === 'missing' ? last.seq + 1 : entry.seq,
            fault,
            fault === 'missing' ? undefined : entry,
          );
          break;
        }
        found.entries += 1;
        last = { seq: entry.seq, mac: entry.mac };
        if (anchor?.seq === entry.seq && anchor.mac !== entry.mac) fail(entry.seq, 'rolled_back', entry);
        each?.(JSON.parse(entry.document) as ChainedEvent);
      }
    }
    this.#end(head, last, chain, fail);
    if (anchor !== undefined && last.seq < anchor.seq) fail(last.seq + 1, 'rolled_back');
    if (broken !== undefined) found.broken.push(broken);
    else found.anchors.push({ chain, ...last });
  }

  #faultOf(entry: AuditEntry, chain: string, last: { seq: number; mac: string }): Fault | undefined {
    if (entry.seq !== last.seq + 1) return 'missing';
    const event = parse(entry.document);
    if (event === undefined) return 'edited';
    const key = this.#keys.get(event.key_version);
    if (key === undefined) return 'key_missing';
    if (!sameSecret(macOf(key, entry.document), entry.mac)) return 'edited';
    // Signed by us, and not the one that belongs here.
    if (event.chain !== chain || event.seq !== entry.seq) return 'misplaced';
    if (event.prev !== last.mac) return 'misplaced';
    return event.id === entry.id && event.at === entry.at ? undefined : 'edited';
  }

  #end(
    head: ChainHead | undefined,
    last: { seq: number; mac: string },
    chain: string,
    fail: (seq: number, fault: Fault) => void,
  ): void {
    if (head === undefined) {
      if (last.seq > 0) fail(last.seq, 'head_missing');
      else fail(0, chain === REGISTRY ? 'empty' : 'chain_missing');
      return;
    }
    const key = this.#keys.get(head.key_version);
    if (key === undefined) fail(head.seq, 'key_missing');
    else if (!sameSecret(sealOf(key, head), head.seal)) fail(head.seq, 'head_edited');
    else if (last.seq < head.seq) fail(last.seq + 1, 'missing');
    else if (last.seq > head.seq) fail(head.seq + 1, 'beyond_head');
    else if (last.mac !== head.mac) fail(head.seq, 'head_edited');
  }
}

const nothingYet = (): Verification => ({
  ok: true,
  complete: true,
  chains: 0,
  entries: 0,
  broken: [],
  anchors: [],
});

async function* onePage(
  entries: readonly AuditPlace[],
): AsyncGenerator<readonly AuditPlace[], void, undefined> {
  yield entries;
}

const parse = (document: string): ChainedEvent | undefined => {
  try {
    return JSON.parse(document) as ChainedEvent;
  } catch {
    return undefined;
  }
};
