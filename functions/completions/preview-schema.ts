import * as z from 'zod';
import { PII_MODES } from '../../shared/model/policy.ts';

const MOST_TEXT = 20_000;

export const previewSchema = z.strictObject({
  text: z.string().min(1).max(MOST_TEXT),
  mode: z.enum(PII_MODES).default('redact'),
  /** The stage's own where it is left out. */
  detector: z.enum(['rules', 'hybrid']).optional(),
});
export type PreviewRequest = z.output<typeof previewSchema>;
