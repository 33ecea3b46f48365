/** What the cost command takes a stage to have is what the templates have; one resource in ten more or less is no news. */
import { describe, expect, it } from 'vitest';
import { STAGE } from '../../scripts/cost/deployments.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const stage = synthesize('prod');
const all = (type: string) => resourcesOf(stage.all, type).map(([, { Properties }]) => Properties);

/** An alarm on metric maths is charged for each metric in it. */
const alarmMetrics = all('AWS::CloudWatch::Alarm').reduce((sum, { Metrics }) => {
  const metrics = Metrics as { MetricStat?: object }[] | undefined;
  return sum + (metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);
}, 0);

describe('the cost of what a stage always has', () => {
  it.each([
    ['metrics with alarms', STAGE.alarmMetrics, alarmMetrics],
    ['alarms on alarms', STAGE.compositeAlarms, all('AWS::CloudWatch::CompositeAlarm').length],
    ['secrets', STAGE.secrets, all('AWS::SecretsManager::Secret').length],
    ['dashboards', STAGE.dashboards, all('AWS::CloudWatch::Dashboard').length],
    ['keys', STAGE.keys, all('AWS::KMS::Key').length],
  ])('counts its %s', (_name, counted, there) => {
    expect(Math.abs(there - counted)).toBeLessThanOrEqual(there / 10);
  });

  it('counts the rules of its web ACL', () => {
    const [acl] = all('AWS::WAFv2::WebACL');

    expect(acl?.Rules).toHaveLength(STAGE.wafRules);
  });

  it('counts what its schedules call', () => {
    const rates: Record<string, number> = { 'rate(1 minute)': 1, 'rate(5 minutes)': 0.2 };
    const scheduled = all('AWS::Events::Rule').flatMap(({ ScheduleExpression: text }) =>
      typeof text === 'string' ? [rates[text]] : [],
    );

    expect(scheduled.reduce<number>((sum, rate) => sum + (rate ?? Number.NaN), 0)).toBeCloseTo(
      STAGE.scheduledPerMinute,
      9,
    );
  });
});
