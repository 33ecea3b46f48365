/** `POST /admin/privacy/preview`: here, since the model that finds names is here. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { type PreviewDeps, previewText } from '../../shared/services/redact/preview.ts';
import type { PreviewRequest } from './preview-schema.ts';

export const previewRoute =
  (deps: PreviewDeps): RouteHandler =>
  async (event) =>
    json(200, await previewText(deps, event.scope.body as PreviewRequest));
