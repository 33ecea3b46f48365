/** The WebSocket API and its stage: an address that stays the same while routes are added to it. */
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';
import { houseLogs } from './house-logs.ts';

export class WebSocketGround extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, { stage }: { stage: StageOptions }) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `atp-${stage.name}-ws`,
      routeSelectionExpression: '$request.body.type',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: 'live',
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
}
