import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { buildStacks } from '../../infra/build-stacks.ts';
import { stageOptions } from '../../infra/stage.ts';
import {
  adminEnv,
  completionsEnv,
  feedbackEnv,
  mcpEnv,
  probeAdaptersEnv,
  replayEnv,
  seriesEnv,
  statusEnv,
  wsGateEnv,
  wsMessageEnv,
  wsWorkerEnv,
} from '../../shared/config/env.ts';
import { fakeBuild, idOf, NODE_FUNCTIONS, RUST_FUNCTIONS, resourcesOf, synthesize } from './synthesize.ts';

const { gateway, data } = synthesize('prod');

const propertiesOf = (name: string) => {
  const [, found] =
    resourcesOf([gateway], 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties.FunctionName === `atp-prod-${name}`,
    ) ?? [];
  return found?.Properties as { Environment: { Variables: Record<string, unknown> } } & Record<
    string,
    unknown
  >;
};

/** References become text, so that a function's own schema can read them. */
const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(propertiesOf(name).Environment.Variables).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

describe('functions', () => {
  test.each(NODE_FUNCTIONS)('%s runs on Node 24, x86_64, traced, with JSON logs', (name) => {
    expect(propertiesOf(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Architectures: ['x86_64'],
      MemorySize: 1_792,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  test.each(RUST_FUNCTIONS)('%s is a custom runtime on Amazon Linux 2023, x86_64', (name) => {
    expect(propertiesOf(name)).toMatchObject({
      Runtime: 'provided.al2023',
      Handler: 'bootstrap',
      Architectures: ['x86_64'],
    });
  });

  test.each([...NODE_FUNCTIONS, ...RUST_FUNCTIONS])('%s has a version behind the alias live', (name) => {
    const id = idOf(name);

    gateway.hasResourceProperties('AWS::Lambda::Alias', {
      Name: 'live',
      FunctionName: { Ref: Match.stringLikeRegexp(`^${id}Function`) },
      FunctionVersion: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}FunctionCurrentVersion`), 'Version'] },
    });
  });

  test('what answers prompts, and what says whether it could, has the model that finds names, and knows where', () => {
    const [[layer] = []] = resourcesOf([gateway], 'AWS::Lambda::LayerVersion');
    for (const name of ['completions', 'ws-worker', 'status']) {
      expect(propertiesOf(name).Layers).toEqual([{ Ref: layer }]);
      expect(environmentOf(name).PII_MODEL_DIR).toBe('/opt/pii');
    }
    expect(propertiesOf('feedback').Layers).toBeUndefined();
  });

  test('an emulated stage, and one whose model is missing, go by patterns alone', () => {
    const emulated = synthesize('dev', { emulated: true }).gateway;
    const dist = fakeBuild({ withRust: true, withModel: false });

    for (const template of [emulated, synthesize('dev', { context: { dist } }).gateway])
      template.resourceCountIs('AWS::Lambda::LayerVersion', 0);
  });

  test('every log group has an end to its keeping', () => {
    const groups = resourcesOf([gateway], 'AWS::Logs::LogGroup');

    // One a function, `publish-events` among them, one for the access logs of either API, and the web ACL's.
    expect(groups).toHaveLength(NODE_FUNCTIONS.length + RUST_FUNCTIONS.length + 4);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(90);
  });

  test.each([
    ['completions', completionsEnv],
    ['feedback', feedbackEnv],
    ['admin', adminEnv],
    ['series', seriesEnv],
    ['status', statusEnv],
    ['mcp', mcpEnv],
    ['replay', replayEnv],
    ['probe-adapters', probeAdaptersEnv],
    ['ws-gate', wsGateEnv],
    ['ws-message', wsMessageEnv],
    ['ws-worker', wsWorkerEnv],
  ] as const)('%s gets an environment that its own schema takes', (name, schema) => {
    expect(schema.safeParse(environmentOf(name)).error).toBeUndefined();
  });

  test('each table variable names the table it is called after', () => {
    for (const name of [...NODE_FUNCTIONS, ...RUST_FUNCTIONS]) {
      for (const [variable, value] of Object.entries(environmentOf(name))) {
        if (!variable.endsWith('_TABLE')) continue;
        const table = variable.replace('_TABLE', '').toLowerCase();
        expect(value.toLowerCase()).toContain(`ref${table}`);
      }
    }
    data.resourceCountIs('AWS::DynamoDB::Table', 8);
  });

  test('production takes no simulated model and no private address', () => {
    expect(environmentOf('admin')).toMatchObject({ ALLOW_SIMULATED: 'false', ALLOW_PRIVATE_URLS: 'false' });
    expect(environmentOf('completions')).toMatchObject({ ALLOW_PRIVATE_URLS: 'false' });
  });

  test('requests for a decision go to the alias', () => {
    expect(environmentOf('completions').SELECT_FUNCTION).toMatch(/SelectLive/);
  });
});

describe('a function that is not built', () => {
  const build = (context: Record<string, string>) => {
    const app = new App({ context: { dist: fakeBuild({ withRust: false }), ...context } });
    return buildStacks(app, stageOptions('dev')).gateway;
  };

  test('stops the app', () => {
    expect(() => build({})).toThrow(/rust\/select\/bootstrap is missing/);
  });

  test('may be left open for looking at templates, with a warning and with parameters that nobody fills', () => {
    const stack = build({ rust: 'absent' });

    const template = Template.fromStack(stack);

    const parameters = Object.values(template.findParameters('*', { Type: 'String' }));
    const open = parameters.filter((parameter) => !('Default' in (parameter as object)));
    expect(open).toHaveLength(4);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('select is not built'));
  });
});
