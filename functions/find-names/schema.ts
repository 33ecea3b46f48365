import * as z from 'zod';
import { NAMES_CONTRACT } from '../../shared/model/name-finding.ts';

export const namesQuestion = z.object({
  contract: z.literal(NAMES_CONTRACT),
  texts: z.array(z.string()),
  budget_ms: z.number().nonnegative(),
});
