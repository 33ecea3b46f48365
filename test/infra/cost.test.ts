/** What the cost command takes a stage to have is about what the templates have; a resource more or less is no news. */
import { describe, expect, it } from 'vitest';
import { STAGE } from '../../scripts/cost/deployments.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const stage = synthesize('prod');
const count = (type: string): number => resourcesOf(stage.all, type).length;

describe('the cost of what a stage always has', () => {
  it.each([
    ['alarms', STAGE.alarmMetrics, 'AWS::CloudWatch::Alarm'],
    ['secrets', STAGE.secrets, 'AWS::SecretsManager::Secret'],
    ['dashboards', STAGE.dashboards, 'AWS::CloudWatch::Dashboard'],
  ])('counts its %s', (_name, counted, type) => {
    expect(Math.abs(count(type) - counted)).toBeLessThanOrEqual(Math.max(3, counted / 2));
  });

  it('counts the rules of its web ACL', () => {
    const [[, acl] = []] = resourcesOf(stage.all, 'AWS::WAFv2::WebACL');

    expect(acl?.Properties.Rules).toHaveLength(STAGE.wafRules);
  });
});
