/** What the page was opened for: anew, back from the issuer, as the window that signs in once more, or by a reload. */
import { loadSettings, type Settings, type SignInSettings } from '../api/settings.ts';
import { type Entered, enterByGrant } from './enter.ts';
import { explain, wouldAsk } from './faults.ts';
import { cameByIssuer, type Going, goTo, rememberIssuer, takeGoing } from './pending.ts';
import { handOver } from './window.ts';

export interface Arrival {
  readonly settings: Settings;
  readonly entered?: Entered;
  readonly notice?: string;
  /** It was opened to sign in once more, and has. */
  readonly isDone?: boolean;
}

const BASE = import.meta.env.BASE_URL;
const STRAY = 'This sign-in was begun elsewhere, or too long ago. Sign in once more.';

export const isCallback = (): boolean => location.pathname === `${BASE}callback`;

const openIssuer = async (settings: SignInSettings) => (await import('./issuer.ts')).Issuer.open(settings);

export const goToIssuer = async (settings: SignInSettings, silently = false): Promise<void> => {
  const issuer = await openIssuer(settings);
  const { url, pending } = await issuer.begin({ silently });
  goTo(url, { ...pending, silently, path: location.pathname + location.search });
};

const finish = async (
  settings: Settings & { signIn: SignInSettings },
  answer: URLSearchParams,
  going: Going,
): Promise<Arrival> => {
  const { api, signIn } = settings;
  try {
    const issuer = await openIssuer(signIn);
    const grant = await issuer.finish(answer, going);
    return { settings, entered: await enterByGrant(api, issuer, signIn, grant) };
  } catch (fault) {
    rememberIssuer(false);
    if (going.silently && wouldAsk(fault)) return { settings };
    return { settings, notice: explain(fault, signIn) };
  }
};

const back = async (settings: Settings): Promise<Arrival> => {
  const answer = new URLSearchParams(location.search);
  const going = takeGoing(answer.get('state'));
  if (going === undefined && (await handOver(answer))) {
    close();
    return { settings, isDone: true };
  }
  // The code is in nobody's history.
  history.replaceState(null, '', going?.path.startsWith(BASE) === true ? going.path : BASE);
  const { signIn } = settings;
  if (signIn === undefined || going === undefined) return { settings, notice: STRAY };
  return finish({ ...settings, signIn }, answer, going);
};

export const arrive = async (): Promise<Arrival> => {
  const settings = await loadSettings().catch((): Settings => ({ api: '' }));
  if (isCallback()) return back(settings);
  const { signIn } = settings;
  if (signIn === undefined || !cameByIssuer()) return { settings };
  try {
    await goToIssuer(signIn, true);
    // The browser leaves this page.
    return await new Promise<Arrival>(() => undefined);
  } catch (fault) {
    rememberIssuer(false);
    return { settings, notice: explain(fault, signIn) };
  }
};
