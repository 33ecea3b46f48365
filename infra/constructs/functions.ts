/** House constructs for Lambda: defaults first, then what the caller says, with merged environments. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
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
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';
import { houseLogs } from './house-logs.ts';
import { MANAGED_MEMORY_MB, type ManagedFunction, managedFunction } from './managed-functions.ts';

export interface HouseFunctionProps {
  stage: StageOptions;
  /** Folder below functions/, or the Rust binary's name. */
  source: string;
  environment: Readonly<Record<string, string>>;
  description: string;
  memoryMb?: number;
  timeout?: Duration;
}

/** Where the builds are: the context `dist`, or the folder of that name. */
export const distOf = (scope: Construct): string => {
  const context: unknown = scope.node.tryGetContext('dist');
  return typeof context === 'string' ? context : join(import.meta.dirname, '../../dist');
};

/** Source maps and build reports stay here; they are of use to people only. */
const assetOf = (scope: Construct, kind: 'functions' | 'rust', source: string, file: string): Code => {
  const directory = join(distOf(scope), kind, source);
  if (!existsSync(join(directory, file)))
    throw new Error(`${join(directory, file)} is missing: npm run synth and npm run deploy build it`);
  return Code.fromAsset(directory, { exclude: ['*.map', '*.json'] });
};

/**
 * With the context `rust=absent` templates can be looked at where the crate is not built. The code is then a template
 * parameter without a value, so such a template cannot be deployed by mistake.
 */
const binaryOf = (scope: Construct, source: string): Code => {
  const isAbsent = !existsSync(join(distOf(scope), 'rust', source, 'bootstrap'));
  if (!isAbsent || scope.node.tryGetContext('rust') !== 'absent')
    return assetOf(scope, 'rust', source, 'bootstrap');
  Annotations.of(scope).addWarningV2(
    `atp:${source}-not-built`,
    `The Rust function ${source} is not built: this template cannot be deployed.`,
  );
  return Code.fromCfnParameters();
};

abstract class HouseFunction extends Construct {
  readonly function: LambdaFunction;
  /** What is called: a version behind the alias `live`. */
  readonly live: Alias;
  readonly logGroup: LogGroup;
  /** Where it runs on managed instances. */
  readonly managed: ManagedFunction | undefined;

  constructor(
    scope: Construct,
    id: string,
    props: HouseFunctionProps,
    runtime: {
      code: Code;
      runtime: Runtime;
      handler: string;
      memoryMb: number;
    },
  ) {
    super(scope, id);
    const { stage, source } = props;
    const functionName = `atp-${stage.name}-${source}`;
    const memoryMb = props.memoryMb ?? runtime.memoryMb;
    this.managed = managedFunction(stage, source);
    this.logGroup = houseLogs(this, 'Logs', stage, { logGroupName: `/aws/lambda/${functionName}` });
    // CDK's own role would come with a managed policy for every log group there is.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      role,
      // A function leaves managed instances only by being another one, which is put in its place without a gap.
      functionName: this.managed === undefined ? functionName : `${functionName}-managed`,
      description: props.description,
      runtime: runtime.runtime,
      handler: runtime.handler,
      code: runtime.code,
      architecture: Architecture.X86_64,
      memorySize: this.managed === undefined ? memoryMb : Math.max(memoryMb, MANAGED_MEMORY_MB),
      timeout: props.timeout ?? Duration.seconds(30),
      environment: {
        ...props.environment,
        ...(this.managed === undefined ? {} : { RUNS_BETWEEN_REQUESTS: 'true' }),
      },
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      // What a rollback goes back to; `npm run deploy` takes away those before it.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    this.live = new Alias(this, 'Live', { aliasName: 'live', version: this.function.currentVersion });
  }
}

export class NodeFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id, props, {
      code: assetOf(scope, 'functions', props.source, 'index.mjs'),
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      memoryMb: props.stage.functionMemoryMb,
    });
  }
}

export class RustFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id, props, {
      code: binaryOf(scope, props.source),
      runtime: Runtime.PROVIDED_AL2023,
      handler: 'bootstrap',
      memoryMb: 512,
    });
  }
}
