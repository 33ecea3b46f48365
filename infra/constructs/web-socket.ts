/** The WebSocket API and its stage: an address that stays the same while routes are added to it. */
import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';
import type { NodeFunction } from './functions.ts';
import { houseLogs } from './house-logs.ts';

const STAGE_NAME = 'live';
const MESSAGE_ROUTES = ['ask', 'cancel', 'ping', 'resume', '$default'] as const;

export class WebSocketGround extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  readonly #options: StageOptions;

  constructor(scope: Construct, id: string, { stage }: { stage: StageOptions }) {
    super(scope, id);
    this.#options = stage;
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `atp-${stage.name}-ws`,
      routeSelectionExpression: '$request.body.type',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: STAGE_NAME,
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: {
        rateLimit: stage.throttle.requestsPerSecond,
        burstLimit: stage.throttle.burst,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(houseLogs(this, 'AccessLogs', stage)),
        format: AccessLogFormat.custom(
          JSON.stringify({
            request_id: '$context.requestId',
            route: '$context.routeKey',
            event: '$context.eventType',
            status: '$context.status',
          }),
        ),
      },
    });
  }
  /** Base of `@connections`; an emulator has it below its own address. */
  get connectionsUrl(): string {
    const { emulator } = this.#options;
    return emulator === undefined
      ? this.stage.callbackUrl
      : `${emulator}/_aws/execute-api/${this.api.apiId}/${STAGE_NAME}`;
  }

  /** Every message goes to one function: it reads the type itself, and answers those that there are not. */
  addRoutes({ gate, message }: { gate: IFunction; message: IFunction }): void {
    const connect = new WebSocketLambdaIntegration('Gate', gate);
    this.api.addRoute('$connect', { integration: connect });
    this.api.addRoute('$disconnect', { integration: connect });
    const messages = new WebSocketLambdaIntegration('Message', message);
    for (const type of MESSAGE_ROUTES) this.api.addRoute(type, { integration: messages });
  }

  /** On this API's connections, and no other's. */
  grantConnections(fn: NodeFunction, methods: readonly ('POST' | 'GET' | 'DELETE')[]): void {
    fn.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: methods.map((method) =>
          Stack.of(this).formatArn({
            service: 'execute-api',
            resource: this.api.apiId,
            resourceName: `${STAGE_NAME}/${method}/@connections/*`,
          }),
        ),
      }),
    );
  }
}
