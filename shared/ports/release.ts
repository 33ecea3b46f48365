/** What a release is made of, and who asks whether it is good. */

/** One function's version. */
export interface ReleasedVersion {
  functionName: string;
  version: string;
}

/** Whoever shifts traffic, and waits for the word that it may. */
export interface Deployments {
  /** The versions that the deployment would send traffic to. */
  versionsOf(deploymentId: string): Promise<ReleasedVersion[]>;
  report(deploymentId: string, hookId: string, status: 'Succeeded' | 'Failed'): Promise<void>;
}

export interface VersionReply {
  text: string;
  /** The function itself failed; `text` then says how. */
  failed: boolean;
}

/** Calls a version by its number, whoever gets traffic. */
export interface VersionInvoker {
  invoke(version: ReleasedVersion, payload: string): Promise<VersionReply>;
}
