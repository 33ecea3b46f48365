/** Something that serves the contract: the local runtime, or the app deployed into an emulator. */
export interface Target {
  /** Without a trailing slash; paths of the contract are appended. */
  url: string;
  /** A key with the operator role. */
  adminKey: string;
  /** False where a stream arrives in one piece, when it has ended. */
  streams: boolean;
  /** Every byte that the product keeps: files, tables, logs, queues. Bytes that are no text may come out as anything. */
  readEverythingStored(): Promise<string>;
  stop(): Promise<void>;
}
