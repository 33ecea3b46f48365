/** After a deployment: each function is asked behind its alias, as it was before it got traffic; then old versions go. */
import type { Cloud } from './cloud.ts';
import { staleVersions } from './plan-rollback.ts';

export interface SmokeDeps {
  cloud: Pick<Cloud, 'functions' | 'invoke' | 'deleteVersion'>;
  say: (line: string) => void;
}

/** Versions before the one that is live. */
const KEPT = 2;
/** Nobody's traffic goes through them. */
const WATCHERS = /-(verify-release|canary)$/;

interface Verdict {
  functionName: string;
  ok: boolean;
  reason?: string;
}

/** False where one did not answer as it should. */
export const smokeTest = async ({ cloud, say }: SmokeDeps, stage: string): Promise<boolean> => {
  const functions = await cloud.functions(`atp-${stage}-gateway`);
  const versions = functions
    .filter(({ name }) => !WATCHERS.test(name))
    .map(({ name }) => ({ functionName: name, version: 'live' }));
  const reply = await cloud.invoke(`atp-${stage}-verify-release`, { versions });
  const { ok, verdicts } = JSON.parse(reply) as { ok: boolean; verdicts: Verdict[] };
  for (const { functionName, ok: isGood, reason } of verdicts)
    say(isGood ? `${functionName}: good` : `${functionName}: ${reason ?? 'bad'}`);
  if (!ok) return false;
  for (const state of functions)
    for (const version of staleVersions(state, KEPT)) await cloud.deleteVersion(state.name, version);
  return true;
};
