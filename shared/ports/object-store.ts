/** Objects that are written once. */
export interface ObjectStore {
  put(key: string, body: string): Promise<void>;
}
