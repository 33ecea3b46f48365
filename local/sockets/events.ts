/** The events of API Gateway's WebSocket APIs, and SQS's. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyWebsocketEventV2, SQSEvent } from 'aws-lambda';

export type ConnectEvent = APIGatewayProxyWebsocketEventV2 & { headers: Record<string, string> };

interface Happening {
  connectionId: string;
  connectedAt: number;
  kind: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  body?: string;
  binary?: boolean;
}

const ROUTE_KEYS = { CONNECT: '$connect', MESSAGE: '$default', DISCONNECT: '$disconnect' } as const;

export const socketEvent = ({
  connectionId,
  connectedAt,
  kind,
  body,
  binary = false,
}: Happening): APIGatewayProxyWebsocketEventV2 => {
  const now = Date.now();
  const requestId = randomUUID();
  return {
    requestContext: {
      routeKey: ROUTE_KEYS[kind],
      eventType: kind,
      messageId: requestId,
      extendedRequestId: requestId,
      requestId,
      requestTime: new Date(now).toISOString(),
      requestTimeEpoch: now,
      messageDirection: 'IN',
      stage: 'local',
      connectedAt,
      connectionId,
      apiId: 'local',
      domainName: 'localhost',
    },
    isBase64Encoded: binary,
    ...(body === undefined ? {} : { body }),
  };
};

export const connectEvent = (
  connectionId: string,
  connectedAt: number,
  request: IncomingMessage,
): ConnectEvent => {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' && name !== '__proto__' ? [[name, value] as const] : [],
  );
  return {
    ...socketEvent({ connectionId, connectedAt, kind: 'CONNECT' }),
    headers: Object.fromEntries(headers),
  };
};

export const queueEvent = (messageId: string, body: string, receives: number, sentAt: number): SQSEvent => ({
  Records: [
    {
      messageId,
      receiptHandle: messageId,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: String(sentAt),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:asks',
      awsRegion: 'us-east-1',
    },
  ],
});
