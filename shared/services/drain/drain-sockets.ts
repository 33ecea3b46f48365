/**
 * Tells every WebSocket that the stage drains, lets the asks under way end, and closes. What came in while the news was on its
 * way is told too: no gateway's copy of the configuration is older than `SPREAD_MS`. An ask that is not done in time goes on
 * without its connection; its answer is kept for a client that comes back.
 */
import type { Draining } from '../../model/drain.ts';
import type { ClientSockets } from '../../ports/client-sockets.ts';
import type { ConnectionStore } from '../../ports/connection-store.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { ClosingFrame } from '../socket/frames.ts';

export interface DrainDeps {
  connections: ConnectionStore;
  sockets: ClientSockets;
  clock: Clock;
}

export interface DrainReport {
  /** Connections that were told. */
  told: number;
  closed: number;
  /** Closed by their clients meanwhile. */
  gone: number;
  /** Neither told nor closed; the next sweep tries again. */
  unreachable: number;
  /** Asks that were still being answered at the end. */
  abandoned: number;
  waited_ms: number;
}

const SPREAD_MS = 4_500;
const LOOK_MS = 1_000;
const AT_ONCE = 32;

type Fate = 'told' | 'closed' | 'gone' | 'unreachable';

export const drainSockets = async (
  deps: DrainDeps,
  { reconnect_after_ms }: Draining,
  patienceMs: number,
): Promise<DrainReport> => {
  const { connections, sockets, clock } = deps;
  const startedAt = clock.monotonic();
  const closing: ClosingFrame = { type: 'closing', reason: 'draining', reconnect_after_ms };
  const frame = JSON.stringify(closing);
  const told = new Set<string>();
  const fates = new Map<string, Fate>();

  const tell = async (id: string): Promise<Fate> => {
    if ((await sockets.post(id, frame)) === 'sent') return 'told';
    await connections.close(id);
    return 'gone';
  };
  const close = async (id: string): Promise<Fate> => {
    await sockets.close(id);
    await connections.close(id);
    return 'closed';
  };
  const each = (ids: readonly string[], work: (id: string) => Promise<Fate>): Promise<void> =>
    inBatches(ids, async (id) => {
      const fate = await work(id).catch(() => 'unreachable' as const);
      if (fate === 'told') told.add(id);
      fates.set(id, fate);
    });

  for (;;) {
    const { open, running } = await connections.census();
    const ids = open.map(({ id }) => id);
    await each(
      ids.filter((id) => !told.has(id)),
      tell,
    );
    const waitedMs = clock.monotonic() - startedAt;
    const isLast = waitedMs >= patienceMs;
    const busy = new Set(running.map(({ connectionId }) => connectionId));
    if (isLast || waitedMs >= SPREAD_MS) {
      const due = ids.filter((id) => fates.get(id) !== 'gone' && (isLast || !busy.has(id)));
      await each(due, close);
      if (isLast || (busy.size === 0 && due.length === 0)) {
        const count = (fate: Fate): number => [...fates.values()].filter((one) => one === fate).length;
        return {
          told: told.size,
          closed: count('closed'),
          gone: count('gone'),
          unreachable: count('unreachable'),
          abandoned: running.length,
          waited_ms: Math.round(waitedMs),
        };
      }
    }
    await clock.sleep(LOOK_MS);
  }
};

const inBatches = async (ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> => {
  for (let start = 0; start < ids.length; start += AT_ONCE)
    await Promise.all(ids.slice(start, start + AT_ONCE).map(work));
};
