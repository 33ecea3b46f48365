/** One past decision, as off-policy estimators need it: what the logging policy did and what another would do. */

export interface LoggedDecision {
  /** Probability, in (0, 1], with which the logging policy took the action that it took. */
  readonly propensity: number;
  /** What the action earned; finite, for quality in [0, 1]. */
  readonly reward: number;
  /** Probability, in [0, 1], with which the policy being judged takes that same action. */
  readonly target: number;
}

/** With a model of rewards, for the doubly robust estimator. The model must not have been fitted on this decision. */
export interface ModelledDecision extends LoggedDecision {
  /** The model's reward of the action that was taken. */
  readonly modelled: number;
  /** The model's reward of the policy being judged: the mean over its actions. */
  readonly modelledTarget: number;
}

/** What makes a log unusable, by the position of the decision and the name of its field. */
export class UnusableLogError extends RangeError {
  readonly code = 'unusable_log';
  readonly index: number;
  readonly field: string;

  constructor(index: number, field: string) {
    super(`decision ${index}: ${field} is out of range`);
    this.index = index;
    this.field = field;
  }
}

/** Throws UnusableLogError for an empty log (index -1) and for the first number that is out of range. */
export function assertUsable(log: readonly (LoggedDecision | ModelledDecision)[]): void {
  if (log.length === 0) throw new UnusableLogError(-1, 'length');
  for (const [index, decision] of log.entries()) {
    const { propensity, target, reward } = decision;
    if (!(propensity > 0 && propensity <= 1)) throw new UnusableLogError(index, 'propensity');
    if (!(target >= 0 && target <= 1)) throw new UnusableLogError(index, 'target');
    if (!Number.isFinite(reward)) throw new UnusableLogError(index, 'reward');
    if (!('modelled' in decision)) continue;
    if (!Number.isFinite(decision.modelled)) throw new UnusableLogError(index, 'modelled');
    if (!Number.isFinite(decision.modelledTarget)) throw new UnusableLogError(index, 'modelledTarget');
  }
}
