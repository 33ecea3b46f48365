/** Whoever is woken by an alarm finds what to do. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesize.ts';

const RUNBOOKS = join(import.meta.dirname, '../../docs/operations/runbooks');
const alarms = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
  resourcesOf(synthesize('prod').all, type).map(([, { Properties }]) =>
    String(Properties.AlarmName).replace('atp-prod-', ''),
  ),
);
/** Rows of the index: `<function>-errors` stands for every function's. */
const rows = readFileSync(join(RUNBOOKS, 'README.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, names = '', , file = ''] = /^\| (.*`) \| \[(.*)\]\((.*)\) \|$/.exec(line) ?? [];
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => ({
      pattern: new RegExp(`^${name.replace('<function>', '[a-z-]+')}$`),
      file,
    }));
  });

describe('alarms', () => {
  it.each(alarms)('%s has a runbook', (alarm) => {
    const row = rows.find(({ pattern }) => pattern.test(alarm));

    expect(row).toBeDefined();
    expect(existsSync(join(RUNBOOKS, row?.file ?? 'nowhere'))).toBe(true);
  });
});
