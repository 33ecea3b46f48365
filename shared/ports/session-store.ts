/** The model that answered last in a conversation. */
export interface SessionModel {
  model: string;
  /** Milliseconds since the epoch. */
  expires_at: number;
}

/** Keys say nothing of whose session it is. */
export interface SessionStore {
  /** What was put last and has not expired. */
  get(key: string): Promise<SessionModel | undefined>;
  put(key: string, session: SessionModel): Promise<void>;
}
