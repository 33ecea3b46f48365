/** Clients' ends of the WebSockets, by connection. Whatever else goes wrong throws `unavailable`. */
export interface ClientSockets {
  /** A frame may arrive twice where its receipt was lost. */
  post(connectionId: string, text: string): Promise<'sent' | 'gone'>;
  isOpen(connectionId: string): Promise<boolean>;
  /** Nothing where it is closed already. */
  close(connectionId: string): Promise<void>;
}

/** Where asks wait for a worker. Delivers at least once. Throws `unavailable`. */
export interface AskQueue {
  put(body: string): Promise<void>;
}
