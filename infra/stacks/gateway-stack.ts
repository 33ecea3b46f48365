/** The REST API and its functions, each with no more rights than it uses. */
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseTransferMode,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type FunctionSet, makeFunctions } from '../constructs/function-set.ts';
import { addRoutes } from '../routes.ts';
import type { StageOptions } from '../stage.ts';
import type { DataStack } from './data-stack.ts';

export interface GatewayStackProps {
  stage: StageOptions;
  data: DataStack;
}

const PROBLEM = 'application/problem+json';
const problem = (code: string): string =>
  JSON.stringify({
    type: `urn:atp-router:problem:${code}`,
    title: '$context.error.responseType',
    status: '$STATUS',
    detail: 'API Gateway refused the request.',
    code,
    request_id: '$context.requestId',
  });

export class GatewayStack extends Stack {
  readonly api: RestApi;
  readonly functions: FunctionSet;

  constructor(scope: Construct, id: string, { stage, data }: GatewayStackProps) {
    super(scope, id, { description: 'ATP Router: API and functions' });
    this.functions = makeFunctions(this, stage, data);
    this.api = this.#restApi(stage);
    const { completions, feedback, admin, status } = this.functions;
    // With a permission for each of some forty methods a function's policy would outgrow its limit.
    const buffered = { scopePermissionToMethod: false };
    addRoutes(this.api, {
      completions: new LambdaIntegration(completions.live, {
        ...buffered,
        responseTransferMode: ResponseTransferMode.STREAM,
        timeout: Duration.minutes(5),
      }),
      feedback: new LambdaIntegration(feedback.live, buffered),
      admin: new LambdaIntegration(admin.live, buffered),
      status: new LambdaIntegration(status.live, buffered),
    });
    this.#learning(data);
    this.functions.replay.live.addEventSource(
      new SqsEventSource(data.deadLetters, { batchSize: 10, reportBatchItemFailures: true }),
    );
    new CfnOutput(this, 'Url', { value: this.api.url });
    new CfnOutput(this, 'AdminKeySecret', { value: data.adminKey.secretName });
  }

  #restApi(stage: StageOptions): RestApi {
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: stage.logRetentionDays as RetentionDays,
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      restApiName: `atp-${stage.name}`,
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: false,
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'live',
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        // Bodies and headers stay out of the logs.
        dataTraceEnabled: false,
        throttlingRateLimit: stage.throttle.requestsPerSecond,
        throttlingBurstLimit: stage.throttle.burst,
        accessLogDestination: new LogGroupLogDestination(logs),
        // The pattern of the path, never the path: a path may hold anything.
        accessLogFormat: AccessLogFormat.custom(
          JSON.stringify({
            request_id: '$context.requestId',
            route: '$context.httpMethod $context.resourcePath',
            status: '$context.status',
            latency_ms: '$context.responseLatency',
            error: '$context.error.responseType',
          }),
        ),
      },
    });
    api.addGatewayResponse('Client', {
      type: ResponseType.DEFAULT_4XX,
      templates: { [PROBLEM]: problem('invalid_request').replace('"$STATUS"', '400') },
      responseHeaders: { 'content-type': `'${PROBLEM}'` },
    });
    api.addGatewayResponse('Throttled', {
      type: ResponseType.THROTTLED,
      statusCode: '429',
      templates: { [PROBLEM]: problem('rate_limited').replace('"$STATUS"', '429') },
      responseHeaders: { 'content-type': `'${PROBLEM}'`, 'retry-after': "'1'" },
    });
    api.addGatewayResponse('Server', {
      type: ResponseType.DEFAULT_5XX,
      templates: { [PROBLEM]: problem('unavailable').replace('"$STATUS"', '503') },
      responseHeaders: { 'content-type': `'${PROBLEM}'`, 'retry-after': "'1'" },
    });
    return api;
  }

  /** Feedback's stream wakes `learn`; a sweep every minute finds what the stream lost. */
  #learning(data: DataStack): void {
    const { learn } = this.functions;
    learn.live.addEventSource(
      new DynamoEventSource(data.tables.Feedback, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 1_000,
        maxBatchingWindow: Duration.seconds(1),
        bisectBatchOnError: true,
        retryAttempts: 5,
        onFailure: new SqsDlq(data.learnFailures),
      }),
    );
    const event = RuleTargetInput.fromObject({ source: 'poll', policies: ['default'] });
    new Rule(this, 'Sweep', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(learn.live, { event, retryAttempts: 0 })],
    });
  }
}
