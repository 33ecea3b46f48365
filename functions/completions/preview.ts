/** `POST /admin/privacy/preview`: here, since the model that finds names is here. */
import * as z from 'zod';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { PII_MODES } from '../../shared/model/policy.ts';
import { type PreviewDeps, previewText } from '../../shared/services/redact/preview.ts';

const MOST_TEXT = 20_000;

export const previewSchema = z.strictObject({
  text: z.string().min(1).max(MOST_TEXT),
  mode: z.enum(PII_MODES).default('redact'),
  /** The stage's own where it is left out. */
  detector: z.enum(['rules', 'hybrid']).optional(),
});

export const previewRoute =
  (deps: PreviewDeps): RouteHandler =>
  async (event) =>
    json(200, await previewText(deps, event.scope.body as z.output<typeof previewSchema>));
