/** Functions that nobody calls: they rotate the stage's secrets, and copy its audit log. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ExportAuditEnvironment, RotateSecretEnvironment } from '../../shared/config/env.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { StageOptions } from '../stage.ts';
import { auditBucketName } from './audit-export.ts';
import type { NodeFunction } from './functions.ts';
import { grantNotices, grantRotation } from './grants.ts';

type MakeFunction = (
  source: string,
  description: string,
  environment: Record<string, string>,
) => NodeFunction;

export const secretRotator = (
  make: MakeFunction,
  environment: RotateSecretEnvironment,
  { ownSecrets, tables }: DataStack,
): NodeFunction => {
  const fn = make('rotate-secret', "Puts new versions in the place of the stage's own secrets", {
    ...environment,
  });
  grantRotation(fn, ownSecrets);
  grantNotices(fn, tables.Usage);
  return fn;
};

export const auditExporter = (
  make: MakeFunction,
  base: Omit<ExportAuditEnvironment, 'EXPORT_BUCKET'>,
  stage: StageOptions,
): NodeFunction => {
  const environment: ExportAuditEnvironment = { ...base, EXPORT_BUCKET: auditBucketName(stage) };
  const fn = make('export-audit', 'Copies the audit log to where nobody can change it', { ...environment });
  const resource = auditBucketName(stage);
  const bucket = Stack.of(fn).formatArn({ service: 's3', region: '', account: '', resource });
  fn.function.addToRolePolicy(
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [`${bucket}/audit/*`] }),
  );
  return fn;
};
