/**
 * What stands before the REST API: addresses of ill repute, too many requests from one address, and what is too large or
 * malformed for any route. Prompts are prose, and may be about scripts, paths or exploits: rules that read bodies count
 * what they find and block nothing. WAF reads a body's first 64 KB at most; how large it may be is told by its announced
 * length, and said in the end by the function.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ROUTES } from '../../shared/config/routes.ts';
import type { StageOptions, WebAclOptions } from '../stage.ts';
import { houseLogs } from './house-logs.ts';
import { above } from './number-pattern.ts';

/** What holds a key, or what a caller chose. */
const SECRET_HEADERS = ['authorization', 'x-api-key', 'cookie', 'proxy-authorization', 'idempotency-key'];

const NO_CHANGE = [{ priority: 0, type: 'NONE' }];
const MIB = 1024 * 1024;
const LONGEST_QUERY = 4_096;
const LONGEST_PATH = 1_024;

interface ManagedGroup {
  name: string;
  /** Its rules that read bodies, or refuse honest programs. */
  counted: readonly string[];
}

export const MANAGED_GROUPS: readonly ManagedGroup[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    counted: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
  },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: [
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
      'SizeRestrictions_BODY',
      // Programs call here, and need not say who they are.
      'NoUserAgent_HEADER',
      // A model's id may end like a file's name.
      'RestrictedExtensions_URIPATH',
    ],
  },
];

const problem = (status: number, code: string, title: string): string =>
  JSON.stringify({
    type: `urn:atp-router:problem:${code}`,
    title,
    status,
    detail: 'The request ended before it reached the router.',
    code,
  });

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples hold headers and paths.
  sampledRequestsEnabled: false,
});

const refuse = (bodyKey: string, status: number): CfnWebACL.RuleActionProperty => ({
  block: {
    customResponse: {
      responseCode: status,
      customResponseBodyKey: bodyKey,
      responseHeaders: [
        { name: 'x-content-type-options', value: 'nosniff' },
        ...(status === 429 ? [{ name: 'retry-after', value: '60' }] : []),
      ],
    },
  },
});

const longerThan = (field: CfnWebACL.FieldToMatchProperty, size: number): CfnWebACL.StatementProperty => ({
  sizeConstraintStatement: {
    fieldToMatch: field,
    comparisonOperator: 'GT',
    size,
    textTransformations: NO_CHANGE,
  },
});

const announcesMoreThan = (bytes: number): CfnWebACL.StatementProperty => ({
  regexMatchStatement: {
    fieldToMatch: { singleHeader: { Name: 'content-length' } },
    regexString: above(bytes),
    textTransformations: NO_CHANGE,
  },
});

/** The stage's name comes before the path where it is called by API Gateway's own address. */
const pathEndsWith = (searchString: string): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'ENDS_WITH',
    searchString,
    textTransformations: NO_CHANGE,
  },
});

/** Routes whose bodies may be larger than the others'. */
const LARGE = ROUTES.filter(({ maxBody }) => maxBody > MIB);
const LARGEST = Math.max(...LARGE.map(({ maxBody }) => maxBody));

const tooLarge = (): CfnWebACL.StatementProperty => ({
  orStatement: {
    statements: [
      longerThan({ queryString: {} }, LONGEST_QUERY),
      longerThan({ uriPath: {} }, LONGEST_PATH),
      announcesMoreThan(LARGEST),
      {
        andStatement: {
          statements: [
            announcesMoreThan(MIB),
            {
              notStatement: {
                statement: {
                  orStatement: { statements: LARGE.map(({ resource }) => pathEndsWith(resource)) },
                },
              },
            },
          ],
        },
      },
    ],
  },
});

export class WebAcl extends Construct {
  readonly acl: CfnWebACL;

  constructor(
    scope: Construct,
    id: string,
    { api, stage, options }: { api: RestApi; stage: StageOptions; options: WebAclOptions },
  ) {
    super(scope, id);
    const counts = options.managedRules === 'count';
    this.acl = new CfnWebACL(this, 'Acl', {
      name: `atp-${stage.name}`,
      description: 'ATP Router: before the REST API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('all'),
      associationConfig: {
        requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } },
      },
      dataProtectionConfig: {
        dataProtections: [
          {
            action: 'SUBSTITUTION',
            field: { fieldType: 'SINGLE_HEADER', fieldKeys: SECRET_HEADERS },
            excludeRuleMatchDetails: false,
            excludeRateBasedDetails: false,
          },
          { action: 'SUBSTITUTION', field: { fieldType: 'BODY' } },
          { action: 'SUBSTITUTION', field: { fieldType: 'QUERY_STRING' } },
        ],
      },
      customResponseBodies: {
        limited: { contentType: 'APPLICATION_JSON', content: problem(429, 'rate_limited', 'Rate limited') },
        large: {
          contentType: 'APPLICATION_JSON',
          content: problem(413, 'payload_too_large', 'Payload too large'),
        },
      },
      rules: [
        {
          name: 'address-rate',
          priority: 0,
          action: refuse('limited', 429),
          statement: {
            rateBasedStatement: {
              limit: options.requestsPerAddress,
              aggregateKeyType: 'IP',
              evaluationWindowSec: 300,
            },
          },
          visibilityConfig: visibility('address-rate'),
        },
        {
          name: 'too-large',
          priority: 1,
          action: refuse('large', 413),
          statement: tooLarge(),
          visibilityConfig: visibility('too-large'),
        },
        ...MANAGED_GROUPS.map(({ name, counted }, index) => ({
          name,
          priority: 10 + index,
          overrideAction: counts ? { count: {} } : { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name,
              ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
            },
          },
          visibilityConfig: visibility(name),
        })),
      ],
    });
    const association = new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: this.acl.attrArn,
    });
    association.node.addDependency(api.deploymentStage);
    this.#log(stage);
  }

  /** What was blocked or counted: rules, addresses, methods. Bodies are in no log of WAF's. */
  #log(stage: StageOptions): void {
    // WAF writes only to groups whose names begin so.
    const logs = houseLogs(this, 'Logs', stage, { logGroupName: `aws-waf-logs-atp-${stage.name}` });
    this.#letWafWrite(logs);
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: `aws-waf-logs-atp-${stage.name}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        ...SECRET_HEADERS.map((name) => ({ singleHeader: { Name: name } })),
        { queryString: {} },
        { uriPath: {} },
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [
              { ActionCondition: { Action: 'BLOCK' } },
              { ActionCondition: { Action: 'COUNT' } },
              { ActionCondition: { Action: 'EXCLUDED_AS_COUNT' } },
            ],
          },
        ],
      },
    });
    logging.node.addDependency(logs);
  }

  #letWafWrite(logs: LogGroup): void {
    logs.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${logs.logGroupArn}:*`],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
