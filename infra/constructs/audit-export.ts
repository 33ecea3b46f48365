/** Where the audit log is copied to: objects that nobody, not even the account's root, can change or delete before their time. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export const auditBucket = (scope: Construct, days: number): Bucket =>
  new Bucket(scope, 'AuditExport', {
    objectLockEnabled: true,
    objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(days)),
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // Locked objects outlive their stack in any case.
    removalPolicy: RemovalPolicy.RETAIN,
  });
