/** Who is signed in. Key and tokens live in these closures alone, and nothing writes them down. */
import { createContext, use } from 'react';
import type { Api } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { may } from '../lib/permissions.ts';

export interface Session {
  readonly api: Api;
  readonly me: Me;
  readonly signOut: () => void;
}

export const SessionContext = createContext<Session | null>(null);

export const useSession = (): Session => {
  const session = use(SessionContext);
  if (session === null) throw new Error('Nobody is signed in.');
  return session;
};

export const useApi = (): Api => useSession().api;

export const useMay = (scope: string): boolean => may(useSession().me, scope);
