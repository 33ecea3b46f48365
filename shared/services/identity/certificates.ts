/** From a client certificate that API Gateway has verified to a principal. A subject that is not mapped is nobody. */
import type { CertificatePrincipal, ClientCertificate } from '../../model/identity.ts';

export class CertificatePrincipals {
  readonly #known: readonly CertificatePrincipal[];

  constructor(known: readonly CertificatePrincipal[]) {
    this.#known = known;
  }

  find({ subject, issuer }: ClientCertificate): CertificatePrincipal | undefined {
    return this.#known.find(
      (one) => one.subject === subject && (one.issuer === undefined || one.issuer === issuer),
    );
  }
}
