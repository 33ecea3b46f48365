import type { Principal } from '../model/tenant.ts';

/** An open WebSocket, without the key that opened it. Times are milliseconds since the epoch. */
export interface SocketConnection {
  id: string;
  principal: Principal;
  /** What is spoken on it, where that is not our own. */
  protocol?: 'mcp';
  connected_at: number;
  /** When a message last came in; minutes behind at most. */
  seen_at: number;
  /** Announced to be closed then. */
  closing_at?: number;
  /** When asks were cancelled, by the keyed hash of their client's id. */
  cancelled: Readonly<Record<string, number>>;
}

/** Which connection it will be told to. */
export interface RunningAsk {
  requestId: string;
  connectionId: string;
}

export interface ConnectionStore {
  open(connection: Omit<SocketConnection, 'cancelled' | 'closing_at'>): Promise<void>;
  /** Strongly consistent. */
  find(id: string): Promise<SocketConnection | undefined>;
  close(id: string): Promise<void>;
  /** Takes back an announced close. Nothing where the connection is gone. */
  seen(id: string, at: number): Promise<void>;
  /** `forget` names hashes that need not be kept any longer. Nothing where the connection is gone. */
  cancel(id: string, hash: string, at: number, forget: readonly string[]): Promise<void>;
  /** False where that was announced before, or the connection is gone. */
  announce(id: string, closingAt: number): Promise<boolean>;
  /** What is open, and the asks that are being answered, as of a moment ago. */
  census(): Promise<{ open: SocketConnection[]; running: RunningAsk[] }>;
  /** Removes what is past its time, connections and asks alike, and answers the connections that stay. */
  sweep(): Promise<SocketConnection[]>;
}
