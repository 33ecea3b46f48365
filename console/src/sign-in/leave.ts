import type { ByIssuer } from './enter.ts';
import { rememberIssuer } from './pending.ts';

/** Forgets how somebody came in, and has the issuer forget it as far as may be: the browser may go there. */
export const leave = async (by: ByIssuer | undefined): Promise<void> => {
  rememberIssuer(false);
  if (by === undefined) return;
  const { issuer, tokens } = by;
  tokens.stop();
  await issuer.revoke(tokens.grant);
  const url = issuer.signOutUrl();
  if (url !== undefined) location.assign(url);
};
