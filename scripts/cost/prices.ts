/**
 * List prices of us-east-1, without free tiers, savings plans or taxes. `seen` is what stood on a page about them on the date
 * above it; `recalled` is from memory and was not looked up. Look both up again before money depends on them.
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
  readonly known: 'seen' | 'recalled';
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
  waf: 'https://aws.amazon.com/waf/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
  ec2: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  fargate: 'https://aws.amazon.com/fargate/pricing/',
  balancer: 'https://aws.amazon.com/elasticloadbalancing/pricing/',
  vpc: 'https://aws.amazon.com/vpc/pricing/',
} as const;

type Known = Price['known'];

const tiered = (
  service: string,
  unit: string,
  tiers: readonly (readonly [upTo: number, usd: number])[],
  page: string,
  known: Known,
): Price => ({ service, unit, tiers: tiers.map(([upTo, usd]) => ({ upTo, usd })), page, known });

const flat = (service: string, unit: string, usd: number, page: string, known: Known): Price =>
  tiered(service, unit, [[Infinity, usd]], page, known);

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
    'seen',
  ),
  lambdaRequests: flat('Lambda', 'requests', 0.2 / MILLION, PAGES.lambda, 'seen'),
  lambdaGbSeconds: tiered(
    'Lambda',
    'GB-s',
    [
      [6e9, 0.0000166667],
      [15e9, 0.000015],
      [Infinity, 0.000013334],
    ],
    PAGES.lambda,
    'seen',
  ),
  /** m7i.large: 2 vCPU, 8 GiB. */
  instanceHours: flat('EC2 (m7i.large)', 'hours', 0.1008, PAGES.ec2, 'recalled'),
  /** 15 % of the instance's price. */
  managementHours: flat('Lambda', 'managed hours', 0.1008 * 0.15, PAGES.lambda, 'seen'),
  dynamoWrites: flat('DynamoDB', 'write units', 0.625 / MILLION, PAGES.dynamodb, 'seen'),
  dynamoReads: flat('DynamoDB', 'read units', 0.125 / MILLION, PAGES.dynamodb, 'seen'),
  dynamoProvisionedWrites: flat('DynamoDB', 'WCU-hours', 0.00065, PAGES.dynamodb, 'seen'),
  dynamoProvisionedReads: flat('DynamoDB', 'RCU-hours', 0.00013, PAGES.dynamodb, 'seen'),
  dynamoStorage: flat('DynamoDB', 'GB stored', 0.25, PAGES.dynamodb, 'recalled'),
  dynamoBackup: flat('DynamoDB', 'GB restorable', 0.2, PAGES.dynamodb, 'recalled'),
  secrets: flat('Secrets Manager', 'secrets', 0.4, PAGES.secrets, 'seen'),
  secretCalls: flat('Secrets Manager', 'calls', 0.05 / 10_000, PAGES.secrets, 'seen'),
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
    'seen',
  ),
  otherLogs: flat('CloudWatch', 'GB of other logs', 0.5, PAGES.cloudwatch, 'seen'),
  logStorage: flat('CloudWatch', 'GB of logs kept', 0.03, PAGES.cloudwatch, 'seen'),
  metrics: tiered(
    'CloudWatch',
    'metrics',
    [
      [10_000, 0.3],
      [250_000, 0.1],
      [Infinity, 0.05],
    ],
    PAGES.cloudwatch,
    'seen',
  ),
  alarmMetrics: flat('CloudWatch', 'metrics with alarms', 0.1, PAGES.cloudwatch, 'seen'),
  dashboards: flat('CloudWatch', 'dashboards', 3, PAGES.cloudwatch, 'seen'),
  traces: flat('X-Ray', 'traces', 5 / MILLION, PAGES.xray, 'seen'),
  queueRequests: flat('SQS', 'requests', 0.4 / MILLION, PAGES.sqs, 'recalled'),
  keys: flat('KMS', 'keys', 1, PAGES.kms, 'recalled'),
  wafAcls: flat('WAF', 'web ACLs', 5, PAGES.waf, 'seen'),
  wafRules: flat('WAF', 'rules', 1, PAGES.waf, 'seen'),
  wafRequests: flat('WAF', 'requests', 0.6 / MILLION, PAGES.waf, 'seen'),
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
    'seen',
  ),
  fargateCpuHours: flat('Fargate', 'vCPU-hours', 0.04048, PAGES.fargate, 'seen'),
  fargateGbHours: flat('Fargate', 'GB-hours', 0.004445, PAGES.fargate, 'seen'),
  balancerHours: flat('Load balancer', 'hours', 0.0225, PAGES.balancer, 'seen'),
  balancerUnitHours: flat('Load balancer', 'LCU-hours', 0.008, PAGES.balancer, 'recalled'),
  natHours: flat('VPC', 'NAT hours', 0.045, PAGES.vpc, 'recalled'),
  natGb: flat('VPC', 'GB through NAT', 0.045, PAGES.vpc, 'recalled'),
  endpointHours: flat('VPC', 'endpoint hours', 0.01, PAGES.vpc, 'recalled'),
  endpointGb: flat('VPC', 'GB through endpoints', 0.01, PAGES.vpc, 'recalled'),
  addressHours: flat('VPC', 'IPv4 address hours', 0.005, PAGES.vpc, 'seen'),
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
