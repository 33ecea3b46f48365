import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { readTracing } from '../../infra/constructs/tracing.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const ANSWERING = ['completions', 'ws-worker'];

describe('tracing', () => {
  test('is off unless it is asked for', () => {
    const { gateway } = synthesize('dev');

    expect(JSON.stringify(gateway.toJSON())).not.toContain('OTEL_');
    expect(readTracing(undefined, undefined, undefined)).toBeUndefined();
  });

  test('to X-Ray gives the functions that answer prompts, and no others, the right to send spans', () => {
    const { gateway } = synthesize('prod', { tracing: { to: 'xray', sampleRatio: 0.1, handOn: false } });
    const allowed = resourcesOf([gateway], 'AWS::IAM::Policy').filter(([, policy]) =>
      JSON.stringify(policy).includes('xray:PutSpans'),
    );

    expect(allowed).toHaveLength(ANSWERING.length);
    for (const name of ANSWERING)
      gateway.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `atp-prod-${name}`,
        Environment: {
          Variables: Match.objectLike({
            OTEL_TRACES_EXPORTER: 'xray',
            OTEL_TRACES_SAMPLER_ARG: '0.100000',
            TRACE_PROVIDERS: 'false',
          }),
        },
      });
  });

  test('to a collector needs no right', () => {
    const tracing = readTracing('https://collector.example', '1', true);
    const { gateway } = synthesize('dev', tracing === undefined ? {} : { tracing });

    expect(JSON.stringify(gateway.toJSON())).not.toContain('xray:PutSpans');
    gateway.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'atp-dev-completions',
      Environment: {
        Variables: Match.objectLike({
          OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example',
          TRACE_PROVIDERS: 'true',
        }),
      },
    });
  });

  test.each([
    ['jaeger', '1', 'tracing must be'],
    ['ftp://collector', '1', 'tracing must be'],
    ['xray', '2', 'traceShare must be'],
    ['xray', 'half', 'traceShare must be'],
  ])('%s with a share of %s is refused', (to, share, message) => {
    expect(() => readTracing(to, share, undefined)).toThrow(message);
  });
});
