/** Where an answer goes: the connection, and the last chunk that its client has already. */
export interface Recipient {
  connectionId: string;
  /** -1 for none. */
  afterSeq: number;
}

/** An ask of a WebSocket, from its start until five minutes after its end. */
export interface AskRecord extends Recipient {
  requestId: string;
  tenantId: string;
  /** The frames, sealed, once it has ended. */
  sealed?: string;
}

/** Busy: another worker answers it. Lost: the worker that answered it is gone. */
export type Claim = 'claimed' | 'busy' | 'lost' | 'ended';

export interface AskStore {
  /** A message may come twice, so whoever answers it claims it first, for `leaseMs`. */
  claim(ask: Omit<AskRecord, 'sealed' | 'afterSeq'>, leaseMs: number): Promise<Claim>;
  /** Strongly consistent. */
  find(requestId: string): Promise<AskRecord | undefined>;
  /** Sends it elsewhere. False where it has ended, its worker is gone, or it is not known. */
  move(requestId: string, to: Recipient): Promise<boolean>;
  /** Keeps the frames. False where it was moved from `recipient` in the meantime. */
  end(requestId: string, recipient: Recipient, sealed: string): Promise<boolean>;
}
