/** What outlives a deployment: tables, secrets, and the queue that keeps what a table could not take. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { TABLES, type TableName } from '../../shared/config/tables.ts';
import { auditBucket } from '../constructs/audit-export.ts';
import { houseTable } from '../constructs/house-table.ts';
import type { StageOptions } from '../stage.ts';

export interface DataStackProps {
  stage: StageOptions;
}

export class DataStack extends Stack {
  readonly tables: Readonly<Record<TableName, Table>>;
  readonly pepper: Secret;
  readonly adminKey: Secret;
  readonly socketKey: Secret;
  readonly replyKey: Secret;
  readonly auditKey: Secret;
  /** An operator puts a key there; until then it holds none. */
  readonly canaryKey: Secret;
  /** Those that `rotate-secret` knows how to rotate. */
  readonly ownSecrets: readonly Secret[];
  /** Where the stage copies its audit log. */
  readonly auditBucket: Bucket | undefined;
  readonly secretsPrefix: string;
  readonly deadLetters: Queue;
  /** Where a message ends that no replay could store. */
  readonly undeliverable: Queue;
  readonly learnFailures: Queue;
  /** Sealed, and gone within minutes: nobody waits for an answer longer. */
  readonly asks: Queue;
  /** Asks that no worker could take. */
  readonly lostAsks: Queue;

  constructor(scope: Construct, id: string, { stage }: DataStackProps) {
    super(scope, id, {
      description: 'ATP Router: tables, secrets, queues',
      terminationProtection: stage.keepData,
    });
    const names = Object.keys(TABLES) as TableName[];
    const streaming: TableName[] = [
      'Feedback',
      ...(stage.auditExportDays > 0 ? (['Audit'] as const) : []),
      ...(stage.publishEvents ? (['Observations', 'Usage'] as const) : []),
    ];
    this.tables = Object.fromEntries(
      names.map((name) => [
        name,
        houseTable(this, name, TABLES[name], { stage, stream: streaming.includes(name) }),
      ]),
    ) as Record<TableName, Table>;

    this.auditBucket = stage.auditExportDays > 0 ? auditBucket(this, stage) : undefined;
    this.secretsPrefix = `atp/${stage.name}`;
    this.pepper = this.#secret('Pepper', 'pepper', 'Keys the hashes of API keys', stage);
    this.adminKey = this.#secret('AdminKey', 'admin-key', "The bootstrap operator key's secret part", stage);
    this.socketKey = this.#secret('SocketKey', 'socket-key', 'Seals what WebSockets leave behind', stage);
    this.auditKey = this.#secret('AuditKey', 'audit-key', 'Signs the audit log', stage);
    this.replyKey = this.#secret('ReplyKey', 'reply-key', 'Seals replies that are kept', stage);

    this.canaryKey = this.#secret('CanaryKey', 'canary-key', 'The key that the canary asks with', stage);

    this.ownSecrets = [this.pepper, this.adminKey, this.socketKey, this.replyKey, this.auditKey];

    const queue = (name: string, deadLetterQueue?: Queue, overrides: QueueProps = {}): Queue =>
      new Queue(this, name, {
        queueName: `atp-${stage.name}-${name.replace(/[A-Z]/g, (letter, at: number) => (at === 0 ? '' : '-') + letter.toLowerCase())}`,
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        retentionPeriod: Duration.days(14),
        removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        // Six times the function that reads it.
        visibilityTimeout: Duration.minutes(3),
        ...(deadLetterQueue === undefined
          ? {}
          : { deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 5 } }),
        ...overrides,
      });
    this.undeliverable = queue('Undeliverable');
    this.deadLetters = queue('DeadLetters', this.undeliverable);
    this.learnFailures = queue('LearnFailures');
    this.lostAsks = queue('LostAsks', undefined, { retentionPeriod: Duration.hours(1) });
    this.asks = queue('Asks', undefined, {
      retentionPeriod: Duration.minutes(10),
      // Twice the worker's time: when it comes again, the former worker is gone.
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: { queue: this.lostAsks, maxReceiveCount: 3 },
    });
  }

  #secret(id: string, name: string, description: string, stage: StageOptions): Secret {
    return new Secret(this, id, {
      secretName: `${this.secretsPrefix}/${name}`,
      description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
