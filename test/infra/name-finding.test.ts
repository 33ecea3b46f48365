import { describe, expect, it } from 'vitest';
import { findNamesEnv } from '../../shared/config/env.ts';
import { fakeBuild, grantsOf, type Resource, resourcesOf, synthesize } from './synthesize.ts';

const { gateway, observability, all } = synthesize('prod', { piiFunction: true });
const functions = resourcesOf([gateway], 'AWS::Lambda::Function');

const named = (name: string): Resource['Properties'] => {
  const found = functions.find(([, { Properties }]) => Properties.FunctionName === `atp-prod-${name}`);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found[1].Properties;
};
const variablesOf = (name: string) =>
  (named(name).Environment as { Variables: Record<string, unknown> }).Variables;
const grantsTo = (name: string) => grantsOf(all).filter(({ policy }) => policy.startsWith(`${name}Role`));

describe('the model in a function of its own', () => {
  it('has the layer, a whole processor, and no tables or secrets', () => {
    const [[layer] = []] = resourcesOf([gateway], 'AWS::Lambda::LayerVersion');

    expect(named('find-names')).toMatchObject({ Layers: [{ Ref: layer }], MemorySize: 1_792 });
    expect(findNamesEnv.parse(variablesOf('find-names')).PII_MODEL_DIR).toBe('/opt/pii');
    expect(Object.keys(variablesOf('find-names')).filter((key) => /TABLE|SECRET|URL/.test(key))).toEqual([]);
  });

  it('may do nothing but write its log and traces', () => {
    const actions = grantsTo('FindNames').flatMap((statement) => statement.actions);

    expect(actions.sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it.each([
    ['completions', 'Completions'],
    ['ws-worker', 'WsWorker'],
    ['status', 'Status'],
  ])('is called by %s, which has no model then', (name, id) => {
    const { PII_FUNCTION, PII_MODEL_DIR } = variablesOf(name);

    expect(JSON.stringify(PII_FUNCTION)).toMatch(/FindNamesLive/);
    expect(PII_MODEL_DIR).toBeUndefined();
    expect(named(name).Layers).toBeUndefined();
    const invoked = grantsTo(id).filter(({ actions }) => actions.includes('lambda:InvokeFunction'));
    expect(JSON.stringify(invoked)).toMatch(/FindNamesLive/);
  });

  it('is called by nobody else', () => {
    const callers = grantsOf(all).filter(({ resources }) =>
      JSON.stringify(resources).includes('FindNamesLive'),
    );

    expect(callers.map(({ policy }) => policy.replace(/Role.*/, '')).sort()).toEqual([
      'Completions',
      'Status',
      'WsWorker',
    ]);
  });

  it('is watched like every other function', () => {
    for (const what of ['errors', 'throttles'])
      observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `atp-prod-find-names-${what}`,
      });
  });

  it('is not there where the stage does without, has no model, or is emulated', () => {
    const dist = fakeBuild({ withRust: true, withModel: false });
    for (const template of [
      synthesize('prod').gateway,
      synthesize('dev', { piiFunction: true, context: { dist } }).gateway,
      synthesize('dev', { piiFunction: true, emulated: true }).gateway,
    ])
      expect(JSON.stringify(template.toJSON())).not.toContain('find-names');
  });
});
