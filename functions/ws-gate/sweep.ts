/** Once a minute: announces the end of connections that are idle or old, ends those whose time has come, and forgets the stale. */

import type { Draining } from '../../shared/model/drain.ts';
import { ANNOUNCED_MS, IDLE_MS, LONGEST_MS } from '../../shared/model/socket-limits.ts';
import type { ClientSockets } from '../../shared/ports/client-sockets.ts';
import type { ConnectionStore, SocketConnection } from '../../shared/ports/connection-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { DrainGate } from '../../shared/services/drain/drain-gate.ts';
import { closingNotice } from '../../shared/services/mcp/rpc.ts';
import type { ClosingFrame } from '../../shared/services/socket/frames.ts';

export interface SweepDeps {
  connections: ConnectionStore;
  sockets: ClientSockets;
  gate: DrainGate;
  clock: Clock;
}

export interface Swept {
  open: number;
  announced: number;
  closed: number;
}

/** By then the drain itself has closed what it found. */
const DRAINED_MS = 30_000;

const endOf = ({
  connected_at,
  seen_at,
}: SocketConnection): { at: number; reason: ClosingFrame['reason'] } => {
  const oldest = connected_at + LONGEST_MS;
  const idle = seen_at + IDLE_MS;
  return idle < oldest ? { at: idle, reason: 'idle' } : { at: oldest, reason: 'max_duration' };
};

export const makeSweep = ({ connections, sockets, gate, clock }: SweepDeps) => {
  const close = async (id: string): Promise<'closed'> => {
    await sockets.close(id);
    await connections.close(id);
    return 'closed';
  };

  const look = async (connection: SocketConnection): Promise<'open' | 'announced' | 'closed'> => {
    const { id, closing_at } = connection;
    const now = clock.now();
    const { at, reason } = endOf(connection);
    // A message takes back the end of an idle connection; the end of an old one stands.
    if (now >= (reason === 'max_duration' ? at : (closing_at ?? Number.POSITIVE_INFINITY))) return close(id);
    if (closing_at !== undefined || now < at - ANNOUNCED_MS) return 'open';
    if (!(await connections.announce(id, at))) return 'open';
    const frame: ClosingFrame = { type: 'closing', reason, reconnect_after_ms: 0 };
    const text = connection.protocol === 'mcp' ? closingNotice(frame) : JSON.stringify(frame);
    return (await sockets.post(id, text)) === 'sent' ? 'announced' : close(id);
  };

  const isOver = ({ since }: Draining): boolean => clock.now() - Date.parse(since) > DRAINED_MS;

  /** Came in while the news of the drain was on its way. */
  const drained = async (
    { id, protocol }: SocketConnection,
    { reconnect_after_ms }: Draining,
  ): Promise<'closed'> => {
    const frame: ClosingFrame = { type: 'closing', reason: 'draining', reconnect_after_ms };
    await sockets.post(id, protocol === 'mcp' ? closingNotice(frame) : JSON.stringify(frame));
    return close(id);
  };

  return async (): Promise<Swept> => {
    const swept: Swept = { open: 0, announced: 0, closed: 0 };
    // One that cannot be reached now is looked at again in a minute.
    const open = await connections.sweep();
    const drain = await gate.state().catch(() => undefined);
    const sees =
      drain?.enabled === true && isOver(drain) ? (one: SocketConnection) => drained(one, drain) : look;
    for (const connection of open) swept[await sees(connection).catch(() => 'open' as const)] += 1;
    return swept;
  };
};
