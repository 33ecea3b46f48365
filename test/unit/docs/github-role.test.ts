/** The role that deploys from GitHub may do what `npm run deploy` and `npm run rollback` do themselves, and nothing else. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Policy {
  Statement: {
    Action: string | string[];
    Resource?: string;
    Condition?: { StringEquals: Record<string, string> };
  }[];
}

const policyOf = (name: string): Policy =>
  JSON.parse(readFileSync(`docs/operations/github-role/${name}.json`, 'utf8')) as Policy;

const SOURCES = ['scripts/release/cloud.ts', 'scripts/console/upload.ts'];
/** Where IAM calls it otherwise. */
const ACTIONS: Readonly<Record<string, string>> = { 'lambda:Invoke': 'lambda:InvokeFunction' };
const IMPORT = /import \{(?<names>[^}]*)\} from '@aws-sdk\/client-(?<service>\w+)'/g;

const calledBy = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(IMPORT)].flatMap(({ groups }) =>
    [...(groups?.names ?? '').matchAll(/(?<command>\w+)Command\b|paginate(?<pages>\w+)/g)].map((match) => {
      const action = `${groups?.service}:${match.groups?.command ?? match.groups?.pages}`;
      return ACTIONS[action] ?? action;
    }),
  );

describe("GitHub's role", () => {
  it('may do what the scripts do, and deploy by the roles of cdk bootstrap', () => {
    const allowed = policyOf('permissions').Statement.flatMap(({ Action }) => Action);

    expect([...allowed].sort()).toEqual(['sts:AssumeRole', ...SOURCES.flatMap(calledBy)].sort());
  });

  it('names one account and one stage in each permission', () => {
    for (const { Resource } of policyOf('permissions').Statement)
      expect(Resource).toMatch(/ACCOUNT:role\/cdk-|ACCOUNT:(?:stack\/|function:)atp-STAGE-|:::atp-STAGE-/);
  });

  it('is taken by one environment of one repository', () => {
    const [statement] = policyOf('trust').Statement;

    expect(statement?.Condition?.StringEquals).toEqual({
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': 'repo:OWNER/REPOSITORY:environment:STAGE',
    });
  });
});
