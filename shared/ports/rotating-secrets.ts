/** A secret with its versions, as Secrets Manager keeps them while one takes another's place. Values are never logged. */
export interface RotatingSecrets {
  /** The stages of each version. Empty where there is no such secret. */
  stages(secretId: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Undefined where there is no such version. */
  read(
    secretId: string,
    of: { stage: 'AWSCURRENT' | 'AWSPENDING'; version?: string },
  ): Promise<string | undefined>;
  /** Stages a new version as AWSPENDING. */
  stage(secretId: string, version: string, value: string): Promise<void>;
  /** Makes the version AWSCURRENT, and the one that was it AWSPREVIOUS. */
  promote(secretId: string, version: string, from: string): Promise<void>;
}
