/**
 * Before a version gets traffic: CodeDeploy's hook, which is told the verdict, or a caller within the account who names the
 * versions. An internal event; no route leads here.
 */
import * as z from 'zod';
import type { Deployments } from '../../shared/ports/release.ts';
import type { ReleaseVerifier, Verdict } from '../../shared/services/release/verify-release.ts';

const hook = z.object({
  DeploymentId: z.string().min(1).max(256),
  LifecycleEventHookExecutionId: z.string().min(1).max(8_192),
});
const named = z.strictObject({
  versions: z
    .array(
      z.strictObject({
        functionName: z.string().min(1).max(64),
        version: z.string().regex(/^([0-9]+|live)$/),
      }),
    )
    .min(1)
    .max(50),
});

export interface VerifyReleaseDeps {
  verifier: Pick<ReleaseVerifier, 'verify'>;
  deployments: Deployments;
  judged: (verdict: Verdict) => void;
  failed: (error: unknown) => void;
}

export interface Judgement {
  ok: boolean;
  verdicts: Verdict[];
}

export const makeHandler = ({ verifier, deployments, judged, failed }: VerifyReleaseDeps) => {
  const judge = async (versions: Parameters<ReleaseVerifier['verify']>[0]): Promise<Judgement> => {
    const verdicts = await verifier.verify(versions);
    for (const verdict of verdicts) judged(verdict);
    return { ok: verdicts.length > 0 && verdicts.every(({ ok }) => ok), verdicts };
  };
  return async (event: unknown): Promise<Judgement> => {
    const asked = named.safeParse(event);
    if (asked.success) return judge(asked.data.versions);
    const { DeploymentId: id, LifecycleEventHookExecutionId: hookId } = hook.parse(event);
    let judgement: Judgement = { ok: false, verdicts: [] };
    try {
      judgement = await judge(await deployments.versionsOf(id));
    } catch (error) {
      failed(error);
    }
    // Silence would leave the deployment waiting for an hour.
    await deployments.report(id, hookId, judgement.ok ? 'Succeeded' : 'Failed');
    return judgement;
  };
};
