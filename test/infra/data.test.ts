import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { TABLES, type TableDefinition } from '../../shared/config/tables.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const dev = synthesize('dev');
const prod = synthesize('prod');

describe('tables', () => {
  test.each(Object.entries<TableDefinition>(TABLES))(
    '%s is encrypted, on demand, restorable, keyed as defined',
    (name, definition) => {
      const { partition, sort, ttl } = definition;

      dev.data.hasResourceProperties('AWS::DynamoDB::Table', {
        TableName: `atp-dev-${name.toLowerCase()}`,
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
        ],
        TimeToLiveSpecification: ttl === undefined ? Match.absent() : { AttributeName: ttl, Enabled: true },
      });
    },
  );

  test('what is defined is all there is', () => {
    expect(resourcesOf([dev.data], 'AWS::DynamoDB::Table')).toHaveLength(Object.keys(TABLES).length);
  });

  test('indexes project whole items where nothing is said, and know their numbers', () => {
    dev.data.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'atp-dev-feedback',
      AttributeDefinitions: Match.arrayWith([{ AttributeName: 'created_at_ms', AttributeType: 'N' }]),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'pending-index',
          KeySchema: [
            { AttributeName: 'pending', KeyType: 'HASH' },
            { AttributeName: 'created_at_ms', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  test("the tenants' index of observations carries no prompts", () => {
    dev.data.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'atp-dev-observations',
      GlobalSecondaryIndexes: [
        { IndexName: 'tenant-index', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['model'] } },
      ],
    });
  });

  test('only what others are told of, or learn from, has a stream', () => {
    const streaming = resourcesOf([dev.data], 'AWS::DynamoDB::Table').filter(
      ([, { Properties }]) => Properties.StreamSpecification !== undefined,
    );

    expect(streaming.map(([, { Properties }]) => Properties.TableName)).toEqual([
      'atp-dev-usage',
      'atp-dev-observations',
      'atp-dev-feedback',
    ]);
  });
});

describe('queues and secrets', () => {
  test('every queue is encrypted, keeps two weeks, or asks minutes, and takes TLS only', () => {
    const queues = resourcesOf([dev.data], 'AWS::SQS::Queue');
    const keeping = { 'atp-dev-asks': 600, 'atp-dev-lost-asks': 3_600 };

    expect(queues).toHaveLength(5);
    for (const [id, { Properties }] of queues) {
      const kept = keeping[Properties.QueueName as keyof typeof keeping] ?? 1_209_600;
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: kept });
      dev.data.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
    }
  });

  test('a message is tried five times before it is put aside', () => {
    dev.data.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'atp-dev-dead-letters',
      RedrivePolicy: { maxReceiveCount: 5 },
    });
  });

  test('an ask comes again when its worker must be gone, three times in all', () => {
    dev.data.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'atp-dev-asks',
      VisibilityTimeout: 180,
      RedrivePolicy: { maxReceiveCount: 3 },
    });
  });

  test.each(['pepper', 'admin-key', 'socket-key', 'reply-key', 'audit-key'])(
    'the secret %s is generated, in letters and digits',
    (name) => {
      dev.data.hasResourceProperties('AWS::SecretsManager::Secret', {
        Name: `atp/dev/${name}`,
        GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 },
      });
    },
  );
});

describe('protection', () => {
  const KEPT = ['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret', 'AWS::SQS::Queue'];

  test('production keeps tables, secrets, queues and logs when its stacks go', () => {
    const kept = [...KEPT, 'AWS::Logs::LogGroup'].flatMap((type) => resourcesOf(prod.all, type));

    expect(kept.length).toBeGreaterThan(15);
    for (const [, { DeletionPolicy }] of kept) expect(DeletionPolicy).toBe('Retain');
  });

  test("production's tables cannot be deleted by hand, nor its stacks", () => {
    prod.data.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
    const stacks = Object.values(prod.stacks);
    expect(stacks.length).toBeGreaterThan(3);
    for (const stack of stacks) expect(stack.terminationProtection).toBe(true);
  });

  test('a development stage leaves nothing behind', () => {
    const resources = KEPT.flatMap((type) => resourcesOf(dev.all, type));

    for (const [, { DeletionPolicy }] of resources) expect(DeletionPolicy).toBe('Delete');
    dev.data.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });
});
