/** Light or dark: the system's wish until somebody chooses, and then the choice. It holds no secret, so it is kept. */
import { useEffect, useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'atp-theme';
const CHANGED = 'atp-theme-changed';
const system = matchMedia('(prefers-color-scheme: dark)');

const current = (): Theme => {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
};

const subscribe = (told: () => void): (() => void) => {
  system.addEventListener('change', told);
  addEventListener(CHANGED, told);
  return () => {
    system.removeEventListener('change', told);
    removeEventListener(CHANGED, told);
  };
};

export const applyTheme = (): void => {
  document.documentElement.dataset.theme = current();
};

export const useTheme = (): readonly [Theme, (theme: Theme) => void] => {
  const theme = useSyncExternalStore(subscribe, current);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const choose = (next: Theme): void => {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset.theme = next;
    dispatchEvent(new Event(CHANGED));
  };
  return [theme, choose];
};
