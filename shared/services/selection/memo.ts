/** What was worked out for learnt states, which outlives the batch that it was first asked for. */
import { BetaMemo } from './discrete/beta-memo.ts';
import { RidgeMemo } from './ridge-memo.ts';

export class SelectionMemo {
  readonly ridges = new RidgeMemo();
  readonly betas = new BetaMemo();
}
