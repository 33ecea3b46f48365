/** The OpenAPI document as it is served; `npm run openapi` writes it. */
import { createHash } from 'node:crypto';
import document from './openapi.json' with { type: 'json' };

export interface Description {
  text: string;
  etag: string;
}

const text = JSON.stringify(document);
const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;

export const description: Description = { text, etag };
