/** House constructs for Lambda: defaults first, then what the caller says, with merged environments. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';

export interface HouseFunctionProps {
  stage: StageOptions;
  /** Folder below functions/, or the Rust binary's name. */
  source: string;
  environment: Readonly<Record<string, string>>;
  description: string;
  memoryMb?: number;
  timeout?: Duration;
}

const DIST = join(import.meta.dirname, '../../dist');

const assetOf = (kind: 'functions' | 'rust', source: string, file: string): Code => {
  const directory = join(DIST, kind, source);
  if (!existsSync(join(directory, file)))
    throw new Error(`dist/${kind}/${source}/${file} is missing: run npm run bundle`);
  return Code.fromAsset(directory, { exclude: ['*.map', '*.json'] });
};

abstract class HouseFunction extends Construct {
  readonly function: LambdaFunction;
  /** What is called: a version behind the alias `live`. */
  readonly live: Alias;
  readonly logGroup: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    props: HouseFunctionProps,
    runtime: {
      code: Code;
      runtime: Runtime;
      handler: string;
      memoryMb: number;
      environment: Record<string, string>;
    },
  ) {
    super(scope, id);
    const { stage, source } = props;
    const functionName = `atp-${stage.name}-${source}`;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logRetentionDays as RetentionDays,
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // CDK's own role would come with a managed policy for every log group there is.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      role,
      functionName,
      description: props.description,
      runtime: runtime.runtime,
      handler: runtime.handler,
      code: runtime.code,
      architecture: Architecture.X86_64,
      memorySize: props.memoryMb ?? runtime.memoryMb,
      timeout: props.timeout ?? Duration.seconds(30),
      environment: { ...runtime.environment, ...props.environment },
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
    });
    this.live = new Alias(this, 'Live', { aliasName: 'live', version: this.function.currentVersion });
  }
}

export class NodeFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id, props, {
      code: assetOf('functions', props.source, 'index.mjs'),
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      memoryMb: props.stage.functionMemoryMb,
      environment: { NODE_OPTIONS: '--enable-source-maps', AWS_NODEJS_CONNECTION_REUSE_ENABLED: '1' },
    });
  }
}

export class RustFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id, props, {
      code: assetOf('rust', props.source, 'bootstrap'),
      runtime: Runtime.PROVIDED_AL2023,
      handler: 'bootstrap',
      memoryMb: 512,
      environment: {},
    });
  }
}
