/** Amounts times prices, by service; and where two deployments cost the same. */
import type { Deployment } from './deployments.ts';
import { costOf, type Meter, PRICES, type Price } from './prices.ts';

export interface Line {
  readonly meter: Meter;
  readonly service: string;
  readonly unit: string;
  readonly amount: number;
  readonly usd: number;
}

export interface Bill {
  readonly name: string;
  readonly runsOn: string;
  readonly lines: readonly Line[];
  readonly services: Readonly<Record<string, number>>;
  readonly usd: number;
}

export const billOf = ({ name, runsOn, amounts }: Deployment): Bill => {
  const lines = (Object.entries(amounts) as [Meter, number][])
    .filter(([, amount]) => amount > 0)
    .map(([meter, amount]): Line => {
      const price: Price = PRICES[meter];
      return { meter, service: price.service, unit: price.unit, amount, usd: costOf(price, amount) };
    });
  const services: Record<string, number> = {};
  for (const { service, usd } of lines) services[service] = (services[service] ?? 0) + usd;
  return { name, runsOn, lines, services, usd: lines.reduce((sum, { usd }) => sum + usd, 0) };
};

/** Where the search begins. */
export const LEAST_RPS = 0.001;
const MOST_RPS = 1_000_000;
const STEP = 1.25;
const HALVINGS = 40;

/** The lowest load from which on `one` costs more than `other`; undefined where it never does. */
export const breakEven = (
  one: (rps: number) => number,
  other: (rps: number) => number,
): number | undefined => {
  const isDearer = (rps: number): boolean => one(rps) > other(rps);
  if (isDearer(LEAST_RPS)) return LEAST_RPS;
  for (let low = LEAST_RPS; low < MOST_RPS; low *= STEP) {
    let [cheaper, dearer] = [low, low * STEP];
    if (!isDearer(dearer)) continue;
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const middle = (cheaper + dearer) / 2;
      if (isDearer(middle)) dearer = middle;
      else cheaper = middle;
    }
    return dearer;
  }
  return undefined;
};
