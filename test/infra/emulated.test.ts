import { describe, expect, test } from 'vitest';
import { OMISSIONS } from '../../infra/emulator-aspect.ts';
import { resourcesOf, type Synthesized, synthesize } from './synthesize.ts';

const real = synthesize('dev');
const emulated = synthesize('dev', { emulated: true });

const ids = ({ all }: Synthesized): string[] =>
  all.flatMap((template) =>
    Object.keys((template.toJSON() as { Resources: object }).Resources).filter(
      // Names that hold a hash of what they deploy.
      (id) => !/CurrentVersion|Deployment/.test(id),
    ),
  );

describe('an emulated stage', () => {
  test('leaves out CodeDeploy, the model for names, the event bus, alarms on maths and on alarms, and no other resource', () => {
    const deploying = resourcesOf([real.gateway], 'AWS::CodeDeploy::Application')
      .concat(resourcesOf([real.gateway], 'AWS::CodeDeploy::DeploymentGroup'))
      .map(([id]) => id);
    const gone = ids(real).filter((id) => !ids(emulated).includes(id));
    const missing = gone.filter((id) => !deploying.includes(id));

    expect(gone).toEqual(expect.arrayContaining(deploying));
    expect(JSON.stringify(emulated.gateway.toJSON())).not.toContain('CodeDeployLambdaAliasUpdate');

    const kinds = missing
      .map((id) => id.replace(/[0-9A-F]{8}$/, ''))
      .filter((id) => !/publishevents/i.test(id));
    expect(kinds.sort()).toEqual([
      ...['Events', 'PiiModel', 'fallbackshare', 'sloburndrip', 'sloburnfast', 'sloburnslow', 'spend'],
    ]);
  });

  test('answers completions in one piece', () => {
    const methods = JSON.stringify(resourcesOf([emulated.gateway], 'AWS::ApiGateway::Method'));

    expect(methods).not.toMatch(/ResponseTransferMode|response-streaming|2021-11-15/);
    expect(methods).toContain('2015-03-31');
  });

  test('traces nothing, and may call this machine', () => {
    for (const [, { Properties }] of resourcesOf([emulated.gateway], 'AWS::Lambda::Function'))
      expect(JSON.stringify(Properties.Environment)).not.toContain('POWERTOOLS_TRACE_ENABLED');
    expect(JSON.stringify(resourcesOf([emulated.gateway], 'AWS::Lambda::Function'))).toContain(
      '"ALLOW_PRIVATE_URLS":"true"',
    );
  });

  test('reaches the clients of WebSockets below its own address', () => {
    const { gateway } = synthesize('dev', { emulated: true, emulator: 'http://127.0.0.1:4566' });
    const environments = JSON.stringify(resourcesOf([gateway], 'AWS::Lambda::Function'));

    expect(environments).toMatch(/"CONNECTIONS_URL":.{0,20}"http:\/\/127.0.0.1:4566\/_aws\/execute-api\/"/);
    expect(environments).not.toMatch(/"CONNECTIONS_URL":.{0,20}"https:/);
  });

  test('names the characters that a generated secret must not hold', () => {
    for (const [, { Properties }] of resourcesOf([emulated.data], 'AWS::SecretsManager::Secret'))
      expect(Properties.GenerateSecretString).toMatchObject({
        ExcludeCharacters: expect.stringContaining('.'),
      });
  });

  test('says of each omission why', () => {
    for (const { what, reason } of OMISSIONS) {
      expect(what).not.toBe('');
      expect(reason.length).toBeGreaterThan(15);
    }
  });
});
