/** Asks new versions before they get traffic. Fails closed: what cannot be asked, or is not known, is not good. */
import type { ReleasedVersion, VersionInvoker } from '../../ports/release.ts';
import { PROBES } from './probes.ts';

export interface Verdict extends ReleasedVersion {
  ok: boolean;
  /** In words of ours. */
  reason?: string;
}

export interface VerifyDeps {
  invoker: VersionInvoker;
  stage: string;
  /** An operator's key. */
  key: () => Promise<string>;
}

/** `atp-prod-completions-managed` is `completions`. */
export const sourceOf = (functionName: string, stage: string): string =>
  functionName.replace(`atp-${stage}-`, '').replace(/-managed$/, '');

export class ReleaseVerifier {
  readonly #deps: VerifyDeps;

  constructor(deps: VerifyDeps) {
    this.#deps = deps;
  }

  verify(versions: readonly ReleasedVersion[]): Promise<Verdict[]> {
    return Promise.all(
      versions.map(async ({ functionName, version }) => {
        const reason = await this.#fault({ functionName, version });
        return {
          functionName,
          version,
          ok: reason === undefined,
          ...(reason === undefined ? {} : { reason }),
        };
      }),
    );
  }

  async #fault(version: ReleasedVersion): Promise<string | undefined> {
    const source = sourceOf(version.functionName, this.#deps.stage);
    const probes = Object.hasOwn(PROBES, source) ? PROBES[source] : undefined;
    if (probes === undefined) return 'nothing is known to ask it';
    try {
      const key = await this.#deps.key();
      for (const probe of probes) {
        const fault = probe.fault(
          await this.#deps.invoker.invoke(version, JSON.stringify(probe.payload(key))),
        );
        if (fault !== undefined) return fault;
      }
      return undefined;
    } catch {
      return 'it could not be asked';
    }
  }
}
