/**
 * How traffic moves to a new version: CodeDeploy shifts each alias step by step, after the version has answered, and back where
 * an alarm of its own goes off.
 */
import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import {
  type ILambdaDeploymentConfig,
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageName, StageOptions } from '../stage.ts';
import type { NodeFunction, RustFunction } from './functions.ts';
import { pascalCase } from './naming.ts';

export interface ReleasesProps {
  stage: StageOptions;
  api: RestApi;
  /** By their names in the function set. */
  released: Readonly<Record<string, NodeFunction | RustFunction>>;
  verify: NodeFunction;
}

const PERIOD = Duration.minutes(1);
/** Of a minute; the clients' own retries hide one. */
const SERVER_ERRORS = 3;

const SHIFTS: Readonly<Record<StageName, ILambdaDeploymentConfig>> = {
  dev: LambdaDeploymentConfig.ALL_AT_ONCE,
  staging: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  prod: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES,
};

export class Releases extends Construct {
  /** CodeDeploy's. */
  readonly role: Role;
  readonly #stage: StageOptions;

  constructor(scope: Construct, id: string, { stage, api, released, verify }: ReleasesProps) {
    super(scope, id);
    this.#stage = stage;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    const application = new LambdaApplication(this, 'Application', {
      applicationName: `atp-${stage.name}`,
    });
    // By reference: CDK would grant it each group by its name, and it has a grant for all of them.
    const preHook = LambdaFunction.fromFunctionAttributes(this, 'Hook', {
      functionArn: verify.function.functionArn,
      sameEnvironment: true,
      skipPermissions: true,
    });
    const serverErrors = this.#alarm(
      'api',
      api.metricServerError({ period: PERIOD, statistic: 'Sum' }),
      SERVER_ERRORS,
      'The API answered 5xx while a version got its traffic',
    );
    for (const [name, fn] of Object.entries(released)) {
      const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const errors = this.#alarm(
        kebab,
        fn.live.metricErrors({ period: PERIOD, statistic: 'Sum' }),
        0,
        `${kebab} failed while a version of it got its traffic`,
      );
      new LambdaDeploymentGroup(this, pascalCase(kebab), {
        application,
        alias: fn.live,
        deploymentConfig: SHIFTS[stage.name],
        role: this.role,
        preHook,
        alarms: [errors, serverErrors],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
    }
  }

  /** Rolls back; people hear of it by the deployment, and by the alarms of the observability stack. */
  #alarm(name: string, metric: IMetric, threshold: number, alarmDescription: string): IAlarm {
    return new Alarm(this, `${pascalCase(name)}Alarm`, {
      alarmName: `atp-${this.#stage.name}-release-${name}`,
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
