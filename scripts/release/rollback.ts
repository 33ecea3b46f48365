/** `npm run rollback`: the last deployment taken back, whether it is under way or has ended. */
import type { Cloud } from './cloud.ts';
import { type DeployedTemplate, pinTemplate } from './pin-template.ts';
import { type Move, planRollback } from './plan-rollback.ts';

export interface RollbackDeps {
  cloud: Pick<Cloud, 'stack' | 'cancelUpdate' | 'template' | 'functions'>;
  /** Puts a template in the place of the stack's, and waits until it is there. */
  update: (stack: string, template: DeployedTemplate) => Promise<void>;
  say: (line: string) => void;
}

export type RollbackOutcome = 'cancelled' | 'moved' | 'nothing';

const line = ({ name, from, to }: Move): string => `${name}: version ${from} -> ${to}`;

/** Throws where the stack is in no state to be changed, or a version is gone. */
export const rollBack = async (
  { cloud, update, say }: RollbackDeps,
  stage: string,
  { isTrial }: { isTrial: boolean },
): Promise<RollbackOutcome> => {
  const stack = `atp-${stage}-gateway`;
  const { status, updatedAt } = await cloud.stack(stack);
  if (status === 'UPDATE_IN_PROGRESS') {
    say(`${stack} is being updated: its deployments stop, and traffic goes back.`);
    if (!isTrial) await cloud.cancelUpdate(stack);
    return 'cancelled';
  }
  if (!status.endsWith('_COMPLETE')) throw new Error(`${stack} is ${status}: wait until it has ended`);
  if (status.includes('ROLLBACK')) {
    say(`${stack} was rolled back by itself: there is nothing to take back.`);
    return 'nothing';
  }
  const moves = planRollback(await cloud.functions(stack), updatedAt);
  if (moves.length === 0) {
    say('The last deployment gave no function a new version: there is nothing to take back.');
    return 'nothing';
  }
  for (const move of moves) say(line(move));
  if (!isTrial) await update(stack, pinTemplate(await cloud.template(stack), moves));
  return 'moved';
};
