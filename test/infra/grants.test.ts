import { describe, expect, test } from 'vitest';
import { grantsOf, synthesize } from './synthesize.ts';

const { all } = synthesize('prod');
const grants = grantsOf(all);

/** What a function may do, as `service:Action` on a resource named by the end of its logical id or text. */
const grantsTo = (name: string): string[] =>
  grants
    .filter(({ policy }) => policy.startsWith(`${name}Role`))
    .flatMap(({ actions, resources }) =>
      resources.flatMap((resource) =>
        actions.map((action) => `${action} ${JSON.stringify(resource).replaceAll('"', '')}`),
      ),
    );

const actionsOn = (name: string, part: RegExp): string[] =>
  grantsTo(name)
    .filter((grant) => part.test(grant))
    .map((grant) => grant.slice(0, grant.indexOf(' ')).replace(/^[a-z]+:/, ''))
    .sort();

describe('least privilege', () => {
  test('no action is a wildcard', () => {
    const wide = grants.filter(({ actions }) => actions.some((action) => action.includes('*')));

    expect(wide).toEqual([]);
  });

  test("only tracing, metrics, the stream listing and a deployment's targets name no resource", () => {
    const wide = grants.filter(({ resources }) => resources.includes('*')).flatMap(({ actions }) => actions);

    expect([...new Set(wide)].sort()).toEqual([
      'cloudwatch:GetMetricData',
      'codedeploy:BatchGetDeploymentTargets',
      'codedeploy:ListDeploymentTargets',
      'dynamodb:ListStreams',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test("no other resource has a wildcard but the providers' keys, Bedrock's models, a function's versions, the stage's deployments and an API's connections", () => {
    const wide = grants
      .flatMap(({ resources }) => resources)
      .map((resource) => JSON.stringify(resource))
      .filter((text) => text.includes('*') && text !== '"*"');

    for (const text of wide)
      expect(text).toMatch(
        /secret:atp\/prod\/adapters\/\*|deploymentgroup:atp-prod\/\*|Function[0-9A-F]{8}","Arn"\]},":\*"|:bedrock:\*:.*(model|profile)\/\*|Live[0-9A-F]{8}|\/@connections\/\*/,
      );
  });

  test('no managed policy reaches a function', () => {
    for (const template of all) {
      for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
        const { AssumeRolePolicyDocument, ManagedPolicyArns } = Properties as Record<string, unknown>;
        if (JSON.stringify(AssumeRolePolicyDocument).includes('lambda.amazonaws.com'))
          expect(ManagedPolicyArns).toBeUndefined();
      }
    }
  });
});

describe('who may do what', () => {
  test.each([
    ['Completions', /TableUsage|Usage/, ['GetItem', 'Query', 'UpdateItem']],
    ['Completions', /Observations/, ['PutItem']],
    // What may be put is in identity.test.ts: uses of keys, and no more.
    ['Completions', /Config/, ['GetItem', 'PutItem', 'Query']],
    ['Completions', /DeadLetters/, ['GetQueueAttributes', 'GetQueueUrl', 'SendMessage']],
    ['Feedback', /Observations/, ['GetItem', 'UpdateItem']],
    [
      'Feedback',
      /FeedbackTable|ImportValue:atp-prod-data:ExportsOutputFnGetAttFeedback/,
      ['GetItem', 'PutItem'],
    ],
    ['Admin', /Config/, ['DeleteItem', 'GetItem', 'PutItem', 'Query']],
    ['Admin', /Table.*Connections|GetAttConnections/, ['DeleteItem', 'Scan']],
    ['Admin', /Learning/, ['Query']],
    ['Series', /Config/, ['GetItem', 'PutItem']],
    ['Series', /Observations/, ['Query']],
    ['Series', /Usage|Learning|Feedback|Connections|Replies|adapters/, []],
    ['Status', /Config/, ['GetItem', 'PutItem', 'Query']],
    ['Status', /Usage/, ['GetItem', 'Query']],
    ['Status', /Observations|Learning/, []],
    ['ProbeAdapters', /Config/, ['Query']],
    ['ProbeAdapters', /Usage/, ['Query', 'UpdateItem']],
    ['ProbeAdapters', /Observations|Learning|Feedback|Connections|Pepper|AdminKey|DeadLetters/, []],
    ['RotateSecret', /Config/, ['Query']],
    // Notices alone: see events.test.ts.
    ['RotateSecret', /Usage/, ['UpdateItem']],
    ['RotateSecret', /Observations|Audit3|Connections|Replies/, []],
    ['Replay', /Observations/, ['PutItem']],
    ['Replay', /secret/i, []],
    ['WsGate', /Table.*Connections|GetAttConnections/, ['DeleteItem', 'PutItem', 'Scan', 'UpdateItem']],
    ['WsGate', /Usage|Observations|Learning|Asks/, []],
    ['WsMessage', /Table.*Connections|GetAttConnections/, ['DeleteItem', 'GetItem', 'UpdateItem']],
    ['WsMessage', /Asks/, ['GetQueueAttributes', 'GetQueueUrl', 'SendMessage']],
    ['WsMessage', /Usage|Observations|Learning/, []],
    ['WsWorker', /Table.*Connections|GetAttConnections/, ['GetItem', 'PutItem', 'UpdateItem']],
    ['WsWorker', /TableUsage|Usage/, ['GetItem', 'Query', 'UpdateItem']],
    ['WsWorker', /Observations/, ['GetItem', 'PutItem', 'UpdateItem']],
    [
      'WsWorker',
      /FeedbackTable|ImportValue:atp-prod-data:ExportsOutputFnGetAttFeedback/,
      ['GetItem', 'PutItem'],
    ],
    ['WsWorker', /AdminKey|Pepper/, []],
    ...['Completions', 'Feedback', 'Admin', 'WsWorker'].map((name): [string, RegExp, string[]] => [
      name,
      /Replies/,
      ['GetItem', 'PutItem', 'UpdateItem'],
    ]),
    ['WsMessage', /Replies/, []],
    ['Select', /Learning/, ['Query']],
    ['Select', /secret|Config|Usage|Observations/i, []],
    ['Learn', /Learning/, ['PutItem', 'Query', 'UpdateItem']],
    ['Learn', /secret|Config|Usage|Observations/i, []],
  ])('%s on %s', (name, part, actions) => {
    expect(actionsOn(name, part)).toEqual(actions);
  });

  test('only admin may write secrets, and only those of providers', () => {
    const writers = grants.filter(({ actions }) => actions.some((action) => /Secret(Value)?$/.test(action)));
    const writing = writers.filter(({ actions }) =>
      actions.some((action) => /:(Create|Put|Delete|Update)/.test(action)),
    );

    // rotate-secret stages versions of the stage's own: see secrets.test.ts.
    const others = writing.filter(({ policy }) => !policy.startsWith('RotateSecretRole'));
    expect(others).toHaveLength(1);
    expect(others[0]?.policy).toMatch(/^AdminRole/);
    expect(JSON.stringify(others[0]?.resources)).toContain('secret:atp/prod/adapters/*');
  });

  test("only what calls models may read providers' keys", () => {
    const readers = grants.filter(
      ({ actions, resources }) =>
        actions.includes('secretsmanager:GetSecretValue') &&
        JSON.stringify(resources).includes('/adapters/*'),
    );

    expect(readers.map(({ policy }) => policy.replace(/Role.*/, '')).sort()).toEqual([
      'Admin',
      'Completions',
      'ProbeAdapters',
      'WsWorker',
    ]);
  });

  test('only what calls models may call those of Bedrock', () => {
    const callers = grants.filter(({ actions }) => actions.some((action) => action.startsWith('bedrock:')));

    expect(callers.map(({ policy }) => policy.replace(/Role.*/, '')).sort()).toEqual([
      'Admin',
      'Completions',
      'ProbeAdapters',
      'WsWorker',
    ]);
    for (const { actions } of callers)
      expect(actions).toEqual(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream']);
  });

  test.each([
    ['WsGate', ['POST', 'DELETE']],
    ['WsMessage', ['POST', 'DELETE']],
    ['WsWorker', ['POST']],
    ['Admin', ['POST', 'DELETE']],
  ])('%s manages the connections of this API alone', (name, methods) => {
    const managing = grantsTo(name).filter((grant) => grant.startsWith('execute-api:'));

    expect(managing).toHaveLength(methods.length);
    for (const [index, method] of methods.entries())
      expect(managing[index]).toMatch(
        new RegExp(`^execute-api:ManageConnections .*WebSocketApi\\w+\\},/live/${method}/@connections/\\*`),
      );
  });

  test('nobody else reads the key that seals what WebSockets leave', () => {
    const readers = grants.filter(({ resources }) => JSON.stringify(resources).includes('SocketKey'));

    expect(readers.map(({ policy }) => policy.replace(/Role.*/, '')).sort()).toEqual([
      'RotateSecret',
      'WsMessage',
      'WsWorker',
    ]);
  });

  test('only what keeps replies reads the key that seals them', () => {
    const readers = grants.filter(({ resources }) => JSON.stringify(resources).includes('ReplyKey'));

    expect(readers.map(({ policy }) => policy.replace(/Role.*/, '')).sort()).toEqual([
      'Admin',
      'Completions',
      'Feedback',
      'RotateSecret',
      'WsWorker',
    ]);
  });
});
