/** The pages, and what each has once it has its data. */
import type { Page } from 'playwright-core';

export interface Look {
  readonly name: string;
  readonly path: string;
  /** What is there once the page has its data. */
  readonly ready: (page: Page) => Promise<void>;
}

const seen = (text: string | RegExp) => async (page: Page) => {
  await page.getByText(text).first().waitFor();
};

export const LOOKS: readonly Look[] = [
  { name: 'now', path: '/console/', ready: seen('Traffic by model') },
  {
    name: 'routing',
    path: '/console/routing',
    ready: async (page) => {
      await page.getByRole('heading', { name: 'Belief by model' }).waitFor();
      await page
        .getByText(/judged, coverage/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Show the decision' }).click();
      await page.getByRole('group', { name: 'Candidates' }).waitFor();
    },
  },
  {
    name: 'requests',
    path: '/console/requests',
    ready: (page) => page.getByRole('cell').getByRole('link').first().waitFor(),
  },
  {
    name: 'tenants',
    path: '/console/tenants/acme',
    ready: async (page) => {
      await page.getByText(/ of 400K/).waitFor();
      await page.getByRole('group', { name: 'Spend by model' }).waitFor();
      await page.getByRole('group', { name: 'Keys' }).waitFor();
    },
  },
  { name: 'models', path: '/console/models', ready: seen('Latency by model') },
  {
    name: 'privacy',
    path: '/console/privacy',
    ready: async (page) => {
      await page.getByText('Findings by type').waitFor();
      await page.getByRole('button', { name: 'Look for personal data' }).click();
      await page.getByText('A provider sees').waitFor();
    },
  },
  { name: 'audit', path: '/console/audit', ready: seen(/follow one another/) },
  {
    name: 'playground',
    path: '/console/playground',
    ready: async (page) => {
      await page.getByLabel('Message').fill('What is a gateway good for?');
      await page.keyboard.press('Enter');
      await page.getByText('See how it was decided').waitFor();
    },
  },
];
