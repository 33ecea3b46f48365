import type { ByIssuer } from './enter.ts';
import { rememberIssuer } from './pending.ts';

/** Forgets how somebody came in, here and as far as may be at the issuer. False where the browser goes there. */
export const leave = async (by: ByIssuer | undefined): Promise<boolean> => {
  rememberIssuer(false);
  if (by === undefined) return true;
  const { issuer, tokens } = by;
  tokens.stop();
  await issuer.revoke(tokens.grant);
  const url = issuer.signOutUrl();
  if (url === undefined) return true;
  location.assign(url);
  return false;
};
