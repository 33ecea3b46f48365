/** docs/operations/scaling.md: what it says of the bill is what the command says, but for what code moves by a little. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionsOf } from '../../../scripts/cost/options.ts';
import { estimate } from '../../../scripts/cost/run.ts';

const MOST_DRIFT = 0.04;

const billed = (rps: string, compute: string) => {
  const options = optionsOf(['--rps', rps, '--tokens', '1000', '--compute', compute]);
  if (options === undefined) throw new Error('no help was asked for');
  return estimate(options);
};

const rows = readFileSync('docs/operations/scaling.md', 'utf8')
  .split('## When to switch')[0]
  ?.split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll(',', '')))
  .filter(([, rps = '']) => /^\d+$/.test(rps))
  .map(([, rps = '', ...dollars]) => [rps, dollars.slice(0, 3).map(Number)] as const);

describe('the bill', () => {
  it('is told for three loads', () => {
    expect(rows?.map(([rps]) => rps)).toEqual(['10', '1000', '100000']);
  });

  it.each(rows ?? [])('of %s asks a second', (rps, told) => {
    const onDemand = billed(rps, 'on-demand');
    const now = [onDemand.chosen.usd, billed(rps, 'managed-instances').chosen.usd, onDemand.containers.usd];

    for (const [index, usd] of now.entries())
      expect(Math.abs((told[index] ?? 0) / usd - 1)).toBeLessThan(MOST_DRIFT);
  });
});
