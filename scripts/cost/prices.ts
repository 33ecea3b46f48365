/**
 * List prices of us-east-1, without free tiers, savings plans or taxes, as they stood on pages about them, the vendor's or
 * others', on the date below. Look them up again before money depends on them.
 */

/** When the pages were read. */
export const PRICES_AS_OF = '2026-11-28';
export const PRICES_REGION = 'us-east-1';

/** US dollars a unit, up to so many units a month. */
export interface Tier {
  readonly upTo: number;
  readonly usd: number;
}

export interface Price {
  readonly service: string;
  readonly unit: string;
  readonly tiers: readonly Tier[];
  /** The vendor's own page. */
  readonly page: string;
}

const MILLION = 1e6;
const TB = 1_000;

const PAGES = {
  gateway: 'https://aws.amazon.com/api-gateway/pricing/',
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  dynamodb: 'https://aws.amazon.com/dynamodb/pricing/',
  secrets: 'https://aws.amazon.com/secrets-manager/pricing/',
  cloudwatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  xray: 'https://aws.amazon.com/xray/pricing/',
  sqs: 'https://aws.amazon.com/sqs/pricing/',
  events: 'https://aws.amazon.com/eventbridge/pricing/',
  waf: 'https://aws.amazon.com/waf/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
  ec2: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  fargate: 'https://aws.amazon.com/fargate/pricing/',
  balancer: 'https://aws.amazon.com/elasticloadbalancing/pricing/',
  vpc: 'https://aws.amazon.com/vpc/pricing/',
} as const;

const tiered = (
  service: string,
  unit: string,
  tiers: readonly (readonly [upTo: number, usd: number])[],
  page: string,
): Price => ({ service, unit, tiers: tiers.map(([upTo, usd]) => ({ upTo, usd })), page });

const flat = (service: string, unit: string, usd: number, page: string): Price =>
  tiered(service, unit, [[Infinity, usd]], page);

export const PRICES = {
  gatewayRequests: tiered(
    'API Gateway',
    'requests',
    [
      [333 * MILLION, 3.5 / MILLION],
      [1_000 * MILLION, 2.8 / MILLION],
      [20_000 * MILLION, 2.38 / MILLION],
      [Infinity, 1.51 / MILLION],
    ],
    PAGES.gateway,
  ),
  lambdaRequests: flat('Lambda', 'requests', 0.2 / MILLION, PAGES.lambda),
  lambdaGbSeconds: tiered(
    'Lambda',
    'GB-s',
    [
      [6e9, 0.0000166667],
      [15e9, 0.000015],
      [Infinity, 0.000013334],
    ],
    PAGES.lambda,
  ),
  /** m7i.large: 2 vCPU, 8 GiB. */
  instanceHours: flat('EC2 (m7i.large)', 'hours', 0.1008, PAGES.ec2),
  /** 15 % of the instance's price. */
  managementHours: flat('Lambda', 'managed hours', 0.1008 * 0.15, PAGES.lambda),
  dynamoWrites: flat('DynamoDB', 'write units', 0.625 / MILLION, PAGES.dynamodb),
  dynamoReads: flat('DynamoDB', 'read units', 0.125 / MILLION, PAGES.dynamodb),
  dynamoProvisionedWrites: flat('DynamoDB', 'WCU-hours', 0.00065, PAGES.dynamodb),
  dynamoProvisionedReads: flat('DynamoDB', 'RCU-hours', 0.00013, PAGES.dynamodb),
  dynamoStorage: flat('DynamoDB', 'GB stored', 0.25, PAGES.dynamodb),
  dynamoBackup: flat('DynamoDB', 'GB restorable', 0.2, PAGES.dynamodb),
  secrets: flat('Secrets Manager', 'secrets', 0.4, PAGES.secrets),
  secretCalls: flat('Secrets Manager', 'calls', 0.05 / 10_000, PAGES.secrets),
  /** Of functions: less for more, since May 2025. */
  functionLogs: tiered(
    'CloudWatch',
    'GB of function logs',
    [
      [10 * TB, 0.5],
      [30 * TB, 0.25],
      [50 * TB, 0.1],
      [Infinity, 0.05],
    ],
    PAGES.cloudwatch,
  ),
  otherLogs: flat('CloudWatch', 'GB of other logs', 0.5, PAGES.cloudwatch),
  logStorage: flat('CloudWatch', 'GB of logs kept', 0.03, PAGES.cloudwatch),
  metrics: tiered(
    'CloudWatch',
    'metrics',
    [
      [10_000, 0.3],
      [250_000, 0.1],
      [Infinity, 0.05],
    ],
    PAGES.cloudwatch,
  ),
  alarmMetrics: flat('CloudWatch', 'metrics with alarms', 0.1, PAGES.cloudwatch),
  compositeAlarms: flat('CloudWatch', 'alarms on alarms', 0.5, PAGES.cloudwatch),
  dashboards: flat('CloudWatch', 'dashboards', 3, PAGES.cloudwatch),
  traces: flat('X-Ray', 'traces', 5 / MILLION, PAGES.xray),
  queueRequests: flat('SQS', 'requests', 0.4 / MILLION, PAGES.sqs),
  /** Up to 64 KB each; rules and targets within the account cost nothing. */
  events: flat('EventBridge', 'events', 1 / MILLION, PAGES.events),
  keys: flat('KMS', 'keys', 1, PAGES.kms),
  wafAcls: flat('WAF', 'web ACLs', 5, PAGES.waf),
  wafRules: flat('WAF', 'rules', 1, PAGES.waf),
  wafRequests: flat('WAF', 'requests', 0.6 / MILLION, PAGES.waf),
  transferOut: tiered(
    'Data transfer',
    'GB out',
    [
      [10 * TB, 0.09],
      [50 * TB, 0.085],
      [150 * TB, 0.07],
      [Infinity, 0.05],
    ],
    PAGES.ec2,
  ),
  fargateCpuHours: flat('Fargate', 'vCPU-hours', 0.04048, PAGES.fargate),
  fargateGbHours: flat('Fargate', 'GB-hours', 0.004445, PAGES.fargate),
  balancerHours: flat('Load balancer', 'hours', 0.0225, PAGES.balancer),
  balancerUnitHours: flat('Load balancer', 'LCU-hours', 0.008, PAGES.balancer),
  natHours: flat('VPC', 'NAT hours', 0.045, PAGES.vpc),
  natGb: flat('VPC', 'GB through NAT', 0.045, PAGES.vpc),
  endpointHours: flat('VPC', 'endpoint hours', 0.01, PAGES.vpc),
  endpointGb: flat('VPC', 'GB through endpoints', 0.01, PAGES.vpc),
  addressHours: flat('VPC', 'IPv4 address hours', 0.005, PAGES.vpc),
} as const satisfies Record<string, Price>;

export type Meter = keyof typeof PRICES;

/** How much of what a month uses. */
export type Amounts = Partial<Record<Meter, number>>;

/** Each unit costs what the tier costs that it falls into. */
export const costOf = ({ tiers }: Price, amount: number): number => {
  let from = 0;
  let usd = 0;
  for (const tier of tiers) {
    if (amount <= from) break;
    usd += (Math.min(amount, tier.upTo) - from) * tier.usd;
    from = tier.upTo;
  }
  return usd;
};
