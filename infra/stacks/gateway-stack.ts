/** The APIs and their functions, each with no more rights than it uses. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseTransferMode,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { CustomDomain } from '../constructs/custom-domain.ts';
import { type FunctionSet, makeFunctions } from '../constructs/function-set.ts';
import { houseLogs } from '../constructs/house-logs.ts';
import { ManagedCapacity } from '../constructs/managed-capacity.ts';
import { type ReleaseFunctions, releaseFunctions } from '../constructs/release-functions.ts';
import { Releases } from '../constructs/releases.ts';
import { WebAcl } from '../constructs/web-acl.ts';
import { WebSocketGround } from '../constructs/web-socket.ts';
import { addOwnAnswers } from '../gateway-responses.ts';
import { addRoutes } from '../routes.ts';
import type { StageOptions } from '../stage.ts';
import type { DataStack } from './data-stack.ts';

export interface GatewayStackProps {
  stage: StageOptions;
  data: DataStack;
}

export class GatewayStack extends Stack {
  readonly api: RestApi;
  readonly webSocket: WebSocketGround;
  readonly functions: FunctionSet & ReleaseFunctions;
  readonly releases: Releases;
  /** Where the stage has managed instances. */
  readonly capacity: ManagedCapacity | undefined;

  constructor(scope: Construct, id: string, { stage, data }: GatewayStackProps) {
    super(scope, id, {
      description: 'ATP Router: API and functions',
      terminationProtection: stage.keepData,
    });
    this.webSocket = new WebSocketGround(this, 'WebSocket', { stage });
    const released = makeFunctions(this, stage, data, this.webSocket.connectionsUrl);
    if (stage.compute === 'managed-instances') {
      this.capacity = new ManagedCapacity(this, 'Capacity', { stage });
      this.capacity.attach(Object.values(released));
    }
    this.api = this.#restApi(stage);
    const { domain } = stage.identity;
    const url = domain === undefined ? this.api.url : `https://${domain.name}/`;
    this.functions = {
      ...released,
      ...releaseFunctions(this, { stage, data, released: Object.values(released), url }),
    };
    const { verifyRelease: verify } = this.functions;
    this.releases = new Releases(this, 'Releases', {
      stage,
      api: this.api,
      released: { ...released },
      verify,
    });
    const { completions, feedback, admin, series, status, mcp } = this.functions;
    // With a permission for each of some forty methods a function's policy would outgrow its limit.
    const buffered = { scopePermissionToMethod: false };
    const streamed = {
      ...buffered,
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout: Duration.minutes(5),
    };
    addRoutes(this.api, {
      completions: new LambdaIntegration(completions.live, streamed),
      mcp: new LambdaIntegration(mcp.live, streamed),
      feedback: new LambdaIntegration(feedback.live, buffered),
      admin: new LambdaIntegration(admin.live, buffered),
      series: new LambdaIntegration(series.live, { ...streamed, timeout: Duration.minutes(15) }),
      status: new LambdaIntegration(status.live, buffered),
    });
    if (stage.webAcl !== undefined)
      new WebAcl(this, 'WebAcl', { api: this.api, stage, options: stage.webAcl });
    if (domain !== undefined) new CustomDomain(this, 'Domain', { domain, api: this.api });
    this.#sockets(data);
    this.#learning(data);
    this.#probes();
    this.#rotation(stage, data);
    this.functions.exportAudit?.live.addEventSource(
      new DynamoEventSource(data.tables.Audit, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 1_000,
        maxBatchingWindow: Duration.seconds(10),
        // Tried until it succeeds: the stream keeps a day, and an alarm is raised at the first failure.
        bisectBatchOnError: true,
      }),
    );
    this.functions.replay.live.addEventSource(
      new SqsEventSource(data.deadLetters, { batchSize: 10, reportBatchItemFailures: true }),
    );
    new CfnOutput(this, 'Url', { value: url });
    new CfnOutput(this, 'WebSocketUrl', { value: this.webSocket.stage.url });
    new CfnOutput(this, 'AdminKeySecret', { value: `${data.secretsPrefix}/admin-key` });
  }

  #restApi(stage: StageOptions): RestApi {
    const api = new RestApi(this, 'Api', {
      restApiName: `atp-${stage.name}`,
      // API Gateway's own address asks for no certificate.
      disableExecuteApiEndpoint: stage.identity.domain?.truststore !== undefined,
      endpointTypes: [EndpointType.REGIONAL],
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
        accessLogDestination: new LogGroupLogDestination(houseLogs(this, 'AccessLogs', stage)),
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
    addOwnAnswers(api);
    return api;
  }

  #sockets(data: DataStack): void {
    const { admin, wsGate, wsMessage, wsWorker } = this.functions;
    this.webSocket.addRoutes({ gate: wsGate.live, message: wsMessage.live });
    this.webSocket.grantConnections(wsGate, ['POST', 'DELETE']);
    this.webSocket.grantConnections(wsMessage, ['POST', 'DELETE']);
    this.webSocket.grantConnections(wsWorker, ['POST']);
    this.webSocket.grantConnections(admin, ['POST', 'DELETE']);
    // One ask each: they end at different times.
    wsWorker.live.addEventSource(
      new SqsEventSource(data.asks, { batchSize: 1, reportBatchItemFailures: true }),
    );
    new Rule(this, 'SocketSweep', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaTarget(wsGate.live, {
          event: RuleTargetInput.fromObject({ source: 'sweep' }),
          retryAttempts: 0,
        }),
      ],
    });
  }

  /** Models whose breaker waits for a try are tried each minute, also where nobody asks for them. */
  #probes(): void {
    new Rule(this, 'Probes', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaTarget(this.functions.probeAdapters.live, {
          event: RuleTargetInput.fromObject({ source: 'schedule' }),
          retryAttempts: 0,
        }),
      ],
    });
  }

  /** Where the stage rotates by hand, `aws secretsmanager rotate-secret` calls the same function. */
  #rotation({ rotateSecretsDays }: StageOptions, { ownSecrets }: DataStack): void {
    if (rotateSecretsDays === 0) return;
    const { live } = this.functions.rotateSecret;
    for (const secret of ownSecrets) {
      const schedule = new CfnRotationSchedule(this, `Rotate${secret.node.id}`, {
        secretId: secret.secretArn,
        rotationLambdaArn: live.functionArn,
        rotationRules: { automaticallyAfterDays: rotateSecretsDays },
        // The first version is as fresh as the stage.
        rotateImmediatelyOnUpdate: false,
      });
      schedule.node.addDependency(live);
    }
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
        // What is learnt already leaves the outbox, which changes the item once more.
        filters: [FilterCriteria.filter({ dynamodb: { NewImage: { pending: { S: FilterRule.exists() } } } })],
        retryAttempts: 5,
        onFailure: new SqsDlq(data.learnFailures),
      }),
    );
    const event = RuleTargetInput.fromObject({ source: 'sweep' });
    new Rule(this, 'Sweep', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(learn.live, { event, retryAttempts: 0 })],
    });
  }
}
