import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { OWN_ANSWERS } from '../../infra/gateway-responses.ts';
import { ROUTES } from '../../shared/config/routes.ts';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../../shared/config/security-headers.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const { gateway } = synthesize('dev');

interface MethodProperties {
  HttpMethod: string;
  ResourceId: { Ref?: string };
  Integration: { Uri: unknown; ResponseTransferMode?: string; TimeoutInMillis?: number };
}

const resources = Object.fromEntries(resourcesOf([gateway], 'AWS::ApiGateway::Resource'));

/** `/v1/ask` for the resource of that path; `/` for the API's root. */
const pathOf = (id: string | undefined): string => {
  const properties = id === undefined ? undefined : resources[id]?.Properties;
  if (properties === undefined) return '';
  const { ParentId, PathPart } = properties as { ParentId: { Ref?: string }; PathPart: string };
  return `${pathOf(ParentId.Ref)}/${PathPart}`;
};

const methods = resourcesOf([gateway], 'AWS::ApiGateway::Method').map(([, { Properties }]) => {
  const { HttpMethod, ResourceId, Integration } = Properties as unknown as MethodProperties;
  const alias = /"Ref":"([A-Z][a-z]+)Live/.exec(JSON.stringify(Integration.Uri))?.[1] ?? '';
  return { route: `${HttpMethod} ${pathOf(ResourceId.Ref) || '/'}`, function: alias, ...Integration };
});

const methodOf = (route: string) => methods.find((method) => method.route === route);

describe('the REST API', () => {
  test.each(ROUTES)('$method $resource reaches the alias of $function', ({ method, resource, ...route }) => {
    expect(methodOf(`${method} ${resource}`)?.function.toLowerCase()).toBe(route.function);
  });

  test.each([...new Set(ROUTES.map(({ resource }) => resource)), '/', '/{proxy+}'])(
    'what %s does not name reaches status',
    (resource) => {
      expect(methodOf(`ANY ${resource}`)?.function).toBe('Status');
    },
  );

  test('has no method besides', () => {
    const named = ROUTES.length;
    const catchAlls = new Set(ROUTES.map(({ resource }) => resource)).size + 2;

    expect(methods).toHaveLength(named + catchAlls);
  });

  test('completions, mcp and series stream, nothing else does', () => {
    const streaming = methods.filter(({ ResponseTransferMode }) => ResponseTransferMode === 'STREAM');

    expect(streaming.map(({ route }) => route).sort()).toEqual([
      'GET /admin/series',
      'GET /admin/stream',
      'POST /admin/privacy/preview',
      'POST /mcp',
      'POST /v1/ask',
      'POST /v1/chat/completions',
      'POST /v1/embeddings',
      'POST /v1/messages',
      'POST /v1/plan',
      'POST /v1/responses',
    ]);
    for (const { Uri, TimeoutInMillis, function: fn } of streaming) {
      expect(JSON.stringify(Uri)).toContain('/response-streaming-invocations');
      // Whoever watches does so for as long as a function lives.
      expect(TimeoutInMillis).toBe(fn === 'Series' ? 900_000 : 300_000);
    }
  });

  test('is regional, throttled and traced, and takes bodies as text', () => {
    gateway.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      BinaryMediaTypes: Match.absent(),
    });
    gateway.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [
        Match.objectLike({
          ThrottlingRateLimit: 200,
          ThrottlingBurstLimit: 400,
          DataTraceEnabled: false,
          MetricsEnabled: true,
        }),
      ],
    });
  });

  test.each(['AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage'])(
    'the access log of %s knows no path, query, header, address or body',
    (type) => {
      const [, stage] = resourcesOf([gateway], type)[0] ?? ['', undefined];
      const settings = (stage?.Properties.AccessLogSetting ?? stage?.Properties.AccessLogSettings) as {
        Format: string;
      };

      expect(JSON.parse(settings.Format)).toHaveProperty('request_id', '$context.requestId');
      expect(settings.Format).not.toMatch(/\$context\.path\b|querystring|header|sourceIp|userAgent|\$input/i);
    },
  );

  test.each(OWN_ANSWERS)(
    '$type.responseType is a problem with the status it says',
    ({ type, status, code }) => {
      const [[, response] = ['', undefined]] = resourcesOf(
        [gateway],
        'AWS::ApiGateway::GatewayResponse',
      ).filter(([, { Properties }]) => Properties.ResponseType === type.responseType);
      const { ResponseParameters, ResponseTemplates, StatusCode } = (response?.Properties ?? {}) as {
        ResponseParameters: Record<string, string>;
        ResponseTemplates: Record<string, string>;
        StatusCode: string;
      };

      expect(JSON.parse(ResponseTemplates['application/json'] ?? '')).toMatchObject({ status, code });
      expect(StatusCode).toBe(String(status));
      expect(ResponseParameters['gatewayresponse.header.content-type']).toBe("'application/problem+json'");
      expect(ResponseTemplates['application/json']).not.toMatch(/context\.(path|error\.message)|\$input/);
      for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, ...HTTPS_ONLY }))
        expect(ResponseParameters[`gatewayresponse.header.${name}`]).toBe(`'${value}'`);
    },
  );
});

/** The name of a function's alias, as an event source mapping is told it. */
const aliasOf = (id: string) => ({
  'Fn::Join': [
    '',
    Match.arrayWith([
      Match.objectLike({
        'Fn::Select': [6, { 'Fn::Split': [':', { Ref: Match.stringLikeRegexp(`^${id}Live`) }] }],
      }),
    ]),
  ],
});

describe('what works behind the API', () => {
  test('the dead letters are replayed, each message by itself', () => {
    gateway.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: Match.objectLike({ 'Fn::ImportValue': Match.stringLikeRegexp('DeadLetters') }),
      FunctionName: aliasOf('Replay'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test("feedback's stream wakes learn, with bounded retries and a queue for what fails", () => {
    gateway.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: Match.objectLike({ 'Fn::ImportValue': Match.stringLikeRegexp('Feedback.*StreamArn') }),
      FunctionName: aliasOf('Learn'),
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      FilterCriteria: {
        Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"pending":{"S":[{"exists":true}]}}}}' }],
      },
    });
  });

  test('learn sweeps every minute', () => {
    gateway.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^LearnLive') },
          Input: '{"source":"sweep"}',
        }),
      ],
    });
  });

  test('models are asked how they are every minute', () => {
    gateway.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^ProbeAdaptersLive') },
          Input: '{"source":"schedule"}',
        }),
      ],
    });
  });

  test('the WebSocket API has a stage that deploys by itself', () => {
    gateway.hasResourceProperties('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' });
    gateway.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: 'live', AutoDeploy: true });
  });

  test.each(['$connect', '$disconnect', 'ask', 'cancel', 'ping', 'resume', '$default'])(
    'the WebSocket API has the route %s',
    (RouteKey) => {
      gateway.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey });
    },
  );

  test('a worker takes one ask at a time from the queue', () => {
    gateway.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: Match.objectLike({ 'Fn::ImportValue': Match.stringLikeRegexp('GetAttAsks') }),
      FunctionName: aliasOf('WsWorker'),
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('connections are swept every minute', () => {
    gateway.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^WsGateLive') },
          Input: '{"source":"sweep"}',
        }),
      ],
    });
  });

  test('the outputs say where to call and where the first key is', () => {
    expect(Object.keys(gateway.findOutputs('*'))).toEqual(
      expect.arrayContaining(['Url', 'WebSocketUrl', 'AdminKeySecret']),
    );
    gateway.hasOutput('AdminKeySecret', { Value: 'atp/dev/admin-key' });
  });
});
