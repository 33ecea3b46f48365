/** An issuer's documents without an issuer: what is asked for, and what comes back. */
import type { JsonSource } from '../../../shared/ports/token-verifier.ts';

export class IssuerDocuments implements JsonSource {
  readonly asked: string[] = [];
  isAway = false;
  documents: Record<string, unknown>;

  constructor(documents: Record<string, unknown>) {
    this.documents = documents;
  }

  async get(url: string): Promise<unknown> {
    this.asked.push(url);
    if (this.isAway || !Object.hasOwn(this.documents, url)) throw new Error('it does not answer');
    return structuredClone(this.documents[url]);
  }
}
