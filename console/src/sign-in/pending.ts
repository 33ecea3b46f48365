/** What outlives going to the issuer and coming back, in this tab alone: no token, no key. */
import type { Pending } from './issuer.ts';

const GOING = 'atp-sign-in';
const BY_ISSUER = 'atp-signed-in-by-issuer';

export interface Going extends Pending {
  /** Where in the console somebody was. */
  readonly path: string;
  readonly silently: boolean;
}

export const goTo = (url: URL, going: Going): void => {
  sessionStorage.setItem(GOING, JSON.stringify(going));
  location.assign(url);
};

/** Once: what it was good for is over with the answer. */
export const takeGoing = (state: string | null): Going | undefined => {
  const text = sessionStorage.getItem(GOING);
  sessionStorage.removeItem(GOING);
  if (text === null) return undefined;
  const going = JSON.parse(text) as Going;
  return going.state === state ? going : undefined;
};

/** After a reload the issuer is asked again, without a question to anybody. */
export const rememberIssuer = (isSo: boolean): void => {
  if (isSo) sessionStorage.setItem(BY_ISSUER, 'yes');
  else sessionStorage.removeItem(BY_ISSUER);
};

export const cameByIssuer = (): boolean => sessionStorage.getItem(BY_ISSUER) !== null;
