/** A bill as a table for people. */
import { type Bill, LEAST_RPS } from './bill.ts';
import { PRICES_AS_OF, PRICES_REGION } from './prices.ts';
import type { Estimate } from './run.ts';

export const dollars = (usd: number): string =>
  usd.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: usd < 100 ? 2 : 0,
  });

export const amount = (value: number): string =>
  value.toLocaleString('en-US', {
    maximumSignificantDigits: 4,
    notation: value >= 1e6 ? 'compact' : 'standard',
  });

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
};

const services = (bills: readonly Bill[]): string[] => {
  const names = new Set(bills.flatMap((bill) => Object.keys(bill.services)));
  const most = (name: string): number => Math.max(...bills.map((bill) => bill.services[name] ?? 0));
  return [...names].sort((one, other) => most(other) - most(one));
};

const comparison = (bills: readonly Bill[]): string =>
  table([
    ['US dollars a month', ...bills.map(({ name }) => name)],
    ...services(bills).map((name) => [
      name,
      ...bills.map((bill) => (bill.services[name] === undefined ? '-' : dollars(bill.services[name]))),
    ]),
    ['all', ...bills.map(({ usd }) => dollars(usd))],
  ]);

const lines = ({ lines: all }: Bill): string =>
  table([
    ['of which', 'amount', 'unit', 'US dollars'],
    ...[...all]
      .sort((one, other) => other.usd - one.usd)
      .map((line) => [line.service, amount(line.amount), line.unit, dollars(line.usd)]),
  ]);

const crossing = (rps: number | undefined, dearer: string, cheaper: string): string => {
  if (rps === undefined) return `${dearer}: never costs more than ${cheaper}.`;
  if (rps <= LEAST_RPS) return `${dearer}: costs more than ${cheaper} at any load.`;
  return `${dearer}: costs more than ${cheaper} from ${rps.toPrecision(2)} asks a second on.`;
};

const ceilings = ({ ceilings: most }: Estimate): string =>
  `Asks a second, on demand, before one key is hot: a tenant's limits ${amount(most.tenantLimits)}, its observations ` +
  `${amount(most.tenantIndex)}; a shard of observations ${amount(most.observationShard)}; the configuration ` +
  `${amount(most.configuration)}; a policy's outbox ${amount(most.outbox)}.`;

export const report = (estimate: Estimate): string => {
  const { load, stage, chosen, containers, breakEvenRps, switchRps, sizes } = estimate;
  return [
    `${amount(load.rps)} asks a second (${amount(load.rps * load.peak)} at the peak) of ${amount(load.tokens)} tokens, ` +
      `answers after ${amount(load.latencyMs)} ms, ${amount(load.tenants)} tenants, stage ${stage}; models not included`,
    '',
    comparison([chosen, containers]),
    '',
    `${chosen.name}: ${chosen.runsOn}`,
    `${containers.name}: ${containers.runsOn}`,
    crossing(breakEvenRps, chosen.name, 'containers'),
    crossing(switchRps, 'Lambda, on demand', 'managed instances'),
    ceilings(estimate),
    '',
    lines(chosen),
    '',
    `An observation is ${amount(sizes.observation)} bytes, a tenant's limits ${amount(sizes.usage)}, ` +
      `an ask's log lines ${amount(sizes.functionLog)}.`,
    `List prices of ${PRICES_REGION} as of ${PRICES_AS_OF} (scripts/cost/prices.ts).`,
    'Durations, CPU and sharing are assumed (scripts/cost/load.ts): compare with your own bill after a day.',
    '',
  ].join('\n');
};
