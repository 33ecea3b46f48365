/** Signing in once more in a window of its own, so that this page and what is written in it stay. */

import { SignInError } from './faults.ts';
import type { Issuer } from './issuer.ts';
import type { TokenSession } from './token-session.ts';

/** The window cannot speak to its opener, whose policy sees to that; pages of one origin hear each other here. */
const CHANNEL = 'atp-sign-in';
const PATIENCE_MS = 1_500;
const LONGEST_MS = 300_000;
const FEATURES = 'popup,width=520,height=720';

type Message =
  | { readonly kind: 'answer'; readonly answer: string }
  | { readonly kind: 'taken'; readonly state: string };

/** To be called where somebody presses something: a browser opens windows then alone. */
export const signInAgain = async (
  issuer: Issuer,
  tokens: TokenSession,
  signal: AbortSignal,
): Promise<void> => {
  const opened = window.open('about:blank', CHANNEL, FEATURES);
  if (opened === null) throw new SignInError('The browser opened no window: let this page open pop-ups.');
  const channel = new BroadcastChannel(CHANNEL);
  try {
    const { url, pending } = await issuer.begin();
    const answered = answerTo(channel, pending.state, signal);
    opened.location.href = url.href;
    await tokens.again(await answered, pending);
  } finally {
    channel.close();
    // Where another try has its window, it is this one.
    if (!signal.aborted) opened.close();
  }
};

const answerTo = (channel: BroadcastChannel, state: string, signal: AbortSignal): Promise<URLSearchParams> =>
  new Promise((resolve, reject) => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
    const giveUp = (): void => reject(new SignInError('Nobody signed in within five minutes.'));
    if (within.aborted) giveUp();
    within.addEventListener('abort', giveUp);
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind !== 'answer') return;
      const answer = new URLSearchParams(data.answer);
      if (answer.get('state') !== state) return;
      channel.postMessage({ kind: 'taken', state } satisfies Message);
      resolve(answer);
    };
  });

/** Of the window: gives the answer to the page that waits for it. False where none does. */
export const handOver = async (answer: URLSearchParams): Promise<boolean> => {
  const channel = new BroadcastChannel(CHANNEL);
  const state = answer.get('state');
  const isTaken = await new Promise<boolean>((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'taken' && data.state === state) resolve(true);
    };
    setTimeout(() => resolve(false), PATIENCE_MS);
    channel.postMessage({ kind: 'answer', answer: answer.toString() } satisfies Message);
  });
  channel.close();
  return isTaken;
};
