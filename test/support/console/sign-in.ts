/** Signs in as a person does. The key is in the page's memory alone, so a page is then gone to without a reload. */
import type { Page } from 'playwright-core';

export const signIn = async (page: Page, key: string): Promise<void> => {
  await page.getByLabel('Admin key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Not the navigation: on a phone it is behind its button.
  await page.locator('#main').waitFor();
};

/** `path` with the console's base. */
export const goTo = async (page: Page, path: string): Promise<void> => {
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'));`,
  );
  await page.waitForURL((url) => url.pathname + url.search === path);
};
