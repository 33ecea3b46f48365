import { Match } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { above } from '../../infra/constructs/number-pattern.ts';
import { MANAGED_GROUPS } from '../../infra/constructs/web-acl.ts';
import { stageOptions } from '../../infra/stage.ts';
import { ROUTES } from '../../shared/config/routes.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const { gateway } = synthesize('prod');
const TYPES = ['AWS::WAFv2::WebACL', 'AWS::WAFv2::WebACLAssociation', 'AWS::WAFv2::LoggingConfiguration'];

interface Rule {
  Name: string;
  Priority: number;
  Action?: { Block?: { CustomResponse: { ResponseCode: number } } };
  OverrideAction?: object;
  Statement: {
    ManagedRuleGroupStatement?: {
      Name: string;
      RuleActionOverrides: { Name: string; ActionToUse: object }[];
    };
    RateBasedStatement?: { Limit: number };
  };
}

const aclOf = (stage: ReturnType<typeof synthesize>) =>
  resourcesOf([stage.gateway], 'AWS::WAFv2::WebACL')[0]?.[1].Properties as { Rules: Rule[] };

describe('the web ACL', () => {
  const { Rules: rules } = aclOf({ gateway } as ReturnType<typeof synthesize>);

  test("stands before the REST API's stage", () => {
    gateway.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
      WebACLArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^WebAcl'), 'Arn'] },
    });
    const [[, association] = ['', undefined]] = resourcesOf([gateway], 'AWS::WAFv2::WebACLAssociation');
    expect(JSON.stringify(association)).toMatch(/restapis.*stages.*ApiDeploymentStage/);
  });

  test('limits addresses, then sizes, then asks the managed rules', () => {
    expect(rules.map(({ Name }) => Name)).toEqual([
      'address-rate',
      'too-large',
      ...MANAGED_GROUPS.map(({ name }) => name),
    ]);
    expect(rules[0]?.Statement.RateBasedStatement).toMatchObject({
      Limit: 300_000,
      AggregateKeyType: 'IP',
      EvaluationWindowSec: 300,
    });
    expect(rules.map(({ Action }) => Action?.Block?.CustomResponse.ResponseCode).slice(0, 2)).toEqual([
      429, 413,
    ]);
    expect(new Set(rules.map(({ Priority }) => Priority)).size).toBe(rules.length);
  });

  test('no managed rule that reads bodies blocks: prompts may be about anything', () => {
    const managed = rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }) => group ?? []);
    const counted = managed.flatMap(({ RuleActionOverrides }) => RuleActionOverrides);

    expect(counted.filter(({ Name }) => Name.endsWith('_BODY')).map(({ Name }) => Name)).toEqual([
      'JavaDeserializationRCE_BODY',
      'Log4JRCE_BODY',
      'ReactJSRCE_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
      'SizeRestrictions_BODY',
    ]);
    for (const { ActionToUse } of counted) expect(ActionToUse).toEqual({ Count: {} });
  });

  test('reads as much of a body as it can', () => {
    gateway.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } },
    });
  });

  test('lets through the sizes that the routes allow', () => {
    const large = ROUTES.filter(({ maxBody }) => maxBody > 1_048_576);
    const statement = JSON.stringify(rules[1]?.Statement);

    for (const { resource, maxBody } of large) {
      expect(statement).toContain(`"SearchString":"${resource}"`);
      expect(statement).toContain(JSON.stringify(above(maxBody)));
    }
    expect(statement).toContain(JSON.stringify(above(1_048_576)));
  });

  test('its log has no key, no query, no path and no body', () => {
    gateway.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: Match.arrayWith([
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'x-api-key' } },
        { QueryString: {} },
        { UriPath: {} },
      ]),
      LoggingFilter: Match.objectLike({ DefaultBehavior: 'DROP' }),
    });
    gateway.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: 'aws-waf-logs-atp-prod' });
    for (const { VisibilityConfig } of rules as unknown as { VisibilityConfig: object }[])
      expect(VisibilityConfig).toMatchObject({ SampledRequestsEnabled: false });
  });

  test('staging only counts what the managed rules find, prod blocks it, and dev has none', () => {
    const overrides = ({ Rules }: { Rules: Rule[] }) =>
      Rules.flatMap(({ OverrideAction }) => OverrideAction ?? []);

    expect(overrides(aclOf(synthesize('staging')))).toEqual([{ Count: {} }, { Count: {} }, { Count: {} }]);
    expect(overrides({ Rules: rules })).toEqual([{ None: {} }, { None: {} }, { None: {} }]);
    expect(aclOf(synthesize('dev'))).toBeUndefined();
  });

  test('may be switched on and off', () => {
    expect(stageOptions('dev', { webAcl: true }).webAcl).toEqual({
      requestsPerAddress: 30_000,
      managedRules: 'count',
    });
    expect(stageOptions('prod', { webAcl: false })).not.toHaveProperty('webAcl');
  });

  test('is left out of an emulator', () => {
    const emulated = synthesize('prod', { emulated: true });

    expect(TYPES.flatMap((type) => resourcesOf([gateway], type))).toHaveLength(3);
    expect(TYPES.flatMap((type) => resourcesOf([emulated.gateway], type))).toEqual([]);
  });
});

describe('the pattern for numbers above one', () => {
  test('matches exactly those', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000_000 }),
        fc.integer({ min: 0, max: 40_000_000 }),
        (least, number) => {
          const pattern = new RegExp(above(least));
          expect([
            pattern.test(String(number)),
            pattern.test(String(least)),
            pattern.test(String(least + 1)),
          ]).toEqual([number > least, false, true]);
        },
      ),
    );
  });

  test('is short enough for WAF', () => {
    expect(above(6 * 1_024 * 1_024).length).toBeLessThanOrEqual(512);
  });
});
