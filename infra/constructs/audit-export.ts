/** Where the audit log is copied to: objects that nobody, not even the account's root, can change or delete before their time. */
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';

/** Known before the bucket is, so that a grant can name it. */
export const auditBucketName = ({ name }: StageOptions): string => `atp-${name}-audit-${Aws.ACCOUNT_ID}`;

export const auditBucket = (scope: Construct, stage: StageOptions): Bucket =>
  new Bucket(scope, 'AuditExport', {
    bucketName: auditBucketName(stage),
    objectLockEnabled: true,
    objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(stage.auditExportDays)),
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // Locked objects outlive their stack in any case.
    removalPolicy: RemovalPolicy.RETAIN,
  });
