/** AWS Secrets Manager, or its stand-in. Values are never logged. */
export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  /** As it stands now, past any copy; the last copy where it was read a second ago. */
  refresh(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}
