/** No template of any stage holds a secret; the stage's own are generated where they live, and rotated there. */
import { describe, expect, test } from 'vitest';
import { grantsOf, resourcesOf, synthesize } from './synthesize.ts';

const STAGES = ['dev', 'staging', 'prod'] as const;

/** What a secret looks like: keys of ours and of vendors, private keys, and long runs that are no digest of an asset. */
const SECRET_LIKE = [
  /atp_[a-z0-9-]+_[0-9a-z]+_[0-9A-Za-z]{16,}/,
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /(?:password|passwd|api[_-]?key|secret|token)["']?\s*[:=]\s*["'][^"'{$<]{8,}["']/i,
];
const RUN = /[A-Za-z0-9+/]{40,}/g;
const DIGEST = /^[0-9a-f]{64}$/;
/** A resource's id: its name and eight hexadecimal digits. */
const NAMED = /^[A-Za-z]+[0-9A-F]{8}$/;

const NAMES = new Set(['Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'DependsOn', 'Export']);

const stringsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  // Names of resources, which CloudFormation ends with digests.
  const given = Object.entries(value).filter(([name]) => !NAMES.has(name));
  return given.flatMap(([, part]) => stringsOf(part));
};

const entropy = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, n) => sum + (n / text.length) * Math.log2(n / text.length), 0);
};

const secretsIn = (template: object): string[] =>
  stringsOf(template).flatMap((text) => [
    ...SECRET_LIKE.flatMap((pattern) => pattern.exec(text)?.[0] ?? []),
    ...(text.match(RUN) ?? []).filter(
      (run) => !DIGEST.test(run) && !NAMED.test(run) && /\d/.test(run) && entropy(run) > 4.2,
    ),
  ]);

describe.each(STAGES)('the templates of %s', (stage) => {
  const synthesized = synthesize(stage, { auditExportDays: 365 });

  test('hold no secret', () => {
    for (const template of synthesized.all) expect(secretsIn(template.toJSON())).toEqual([]);
  });

  test('would be found out if they did', () => {
    const planted = [
      { Variables: { KEY: `atp_prod_admin_${'a1B2c3D4'.repeat(8)}` } },
      { Variables: { OPENAI: 'sk-proj-0123456789abcdef0123' } },
      { UserData: 'password = "correct horse battery"' },
      { Value: 'q7Zt0Yk3mW9xB5vR2nL8pD6sF1gH4jC0aE7uI3oT' },
    ];

    for (const template of planted) expect(secretsIn(template)).not.toEqual([]);
  });

  test('have every secret generated in Secrets Manager, and none given', () => {
    const secrets = resourcesOf(synthesized.all, 'AWS::SecretsManager::Secret');

    expect(secrets.length).toBeGreaterThanOrEqual(5);
    for (const [, { Properties }] of secrets) {
      expect(Properties.SecretString).toBeUndefined();
      expect(Properties.GenerateSecretString).toMatchObject({ PasswordLength: 64 });
    }
  });

  test('name secrets to functions, and never hand one over', () => {
    const functions = resourcesOf(synthesized.all, 'AWS::Lambda::Function');
    const text = JSON.stringify(functions.map(([, { Properties }]) => Properties.Environment));

    expect(text).not.toMatch(/resolve:secretsmanager|SecretString|resolve:ssm/);
    expect(text).toContain('SECRETS_PREFIX');
  });
});

describe('rotation', () => {
  test.each([
    ['dev', 0],
    ['staging', 90],
    ['prod', 90],
  ] as const)('%s rotates its own secrets every %i days', (stage, days) => {
    const { all } = synthesize(stage);
    const schedules = resourcesOf(all, 'AWS::SecretsManager::RotationSchedule');

    expect(schedules).toHaveLength(days === 0 ? 0 : 5);
    for (const [, { Properties }] of schedules) {
      expect(Properties.RotationRules).toEqual({ AutomaticallyAfterDays: days });
      expect(Properties.RotateImmediatelyOnUpdate).toBe(false);
    }
  });

  test("rotate-secret reads and stages the stage's own secrets, and nothing else", () => {
    const { all } = synthesize('prod');
    const own = grantsOf(all).filter(({ policy }) => policy.startsWith('RotateSecretRole'));
    const rotating = own.filter(({ actions }) =>
      actions.some((action) => action.startsWith('secretsmanager:')),
    );

    expect(rotating).toHaveLength(1);
    expect(rotating[0]?.resources).toHaveLength(5);
    expect(JSON.stringify(rotating[0]?.resources)).not.toContain('*');
    resourcesOf(all, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'secretsmanager.amazonaws.com')
      .forEach(([, { Properties }], _, found) => {
        expect(found).toHaveLength(1);
        expect(Properties.SourceAccount).toBeDefined();
      });
  });
});

describe('the audit log', () => {
  test('is only ever added to: no function may change or delete an entry, and admin alone reads them', () => {
    const grants = grantsOf(synthesize('prod').all).filter(({ resources }) =>
      /Audit/.test(JSON.stringify(resources)),
    );
    const actions = grants.flatMap((grant) =>
      grant.actions.filter((action) => action.startsWith('dynamodb:')),
    );

    expect([...new Set(actions)].sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
    ]);
    const readers = grants.filter(({ actions }) =>
      actions.some((action) => action === 'dynamodb:Query' || action === 'dynamodb:Scan'),
    );
    expect(readers.every(({ policy }) => policy.startsWith('AdminRole'))).toBe(true);
  });

  test('has neither copy nor stream where a stage does not ask for it', () => {
    const { all, data } = synthesize('prod');

    expect(resourcesOf(all, 'AWS::S3::Bucket')).toEqual([]);
    data.hasResourceProperties('AWS::DynamoDB::Table', { TableName: 'atp-prod-audit' });
  });

  test('is copied to objects that are locked for as long as the stage says', () => {
    const { data, gateway, all } = synthesize('prod', { auditExportDays: 365 });

    data.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    for (const [, { DeletionPolicy }] of resourcesOf(all, 'AWS::S3::Bucket'))
      expect(DeletionPolicy).toBe('Retain');
    data.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'atp-prod-audit',
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    });
    gateway.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1_000,
      BisectBatchOnFunctionError: true,
      MaximumBatchingWindowInSeconds: 10,
    });
    const writing = grantsOf(all).filter(({ actions }) => actions.includes('s3:PutObject'));
    expect(writing).toHaveLength(1);
    expect(writing[0]?.policy).toMatch(/^ExportAuditRole/);
    expect(
      grantsOf(all)
        .flatMap(({ actions }) => actions)
        .filter((action) => action.startsWith('s3:')),
    ).toEqual(['s3:PutObject']);
  });
});
