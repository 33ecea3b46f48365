/** Which functions a rollback moves, and to which of their versions. */

export interface FunctionState {
  readonly name: string;
  /** The version that `live` leads to. */
  readonly live: number;
  /** Published ones that are still there. */
  readonly versions: readonly { readonly version: number; readonly at: number }[];
}

export interface Move {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What the last deployment changed goes back by one version; what it left alone stays. `since` is when that deployment began.
 * Throws where a version to go back to is gone.
 */
export const planRollback = (functions: readonly FunctionState[], since: number): Move[] =>
  functions.flatMap(({ name, live, versions }) => {
    const current = versions.find(({ version }) => version === live);
    if (current === undefined || current.at < since) return [];
    const before = versions.map(({ version }) => version).filter((version) => version < live);
    // Its first version: the deployment made the function.
    if (before.length === 0 && live === 1) return [];
    if (before.length === 0) throw new Error(`${name} has no version before ${live}`);
    return [{ name, from: live, to: Math.max(...before) }];
  });

/** What a rollback may want stays: what is live, and so many before it. Versions above it are a deployment under way. */
export const staleVersions = ({ live, versions }: FunctionState, keep: number): number[] =>
  versions
    .map(({ version }) => version)
    .filter((version) => version < live)
    .sort((one, other) => other - one)
    .slice(keep);
