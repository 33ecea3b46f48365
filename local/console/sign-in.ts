/** How the gateway processes, which serve the console, learn from the supervisor by which issuer its users sign in. */
import type { PublishedSignIn } from '../../shared/config/console-sign-in.ts';

const VARIABLE = 'ATP_LOCAL_CONSOLE_SIGN_IN';

export const signInVariable = (signIn: PublishedSignIn | undefined): Record<string, string> =>
  signIn === undefined ? {} : { [VARIABLE]: JSON.stringify(signIn) };

/** It was checked when the identity file was read. */
export const signInOf = (env: NodeJS.ProcessEnv): PublishedSignIn | undefined => {
  const text = env[VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as PublishedSignIn);
};
