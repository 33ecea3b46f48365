/** What releases ask of AWS, behind narrow functions. */
import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import type { DeployedTemplate } from './pin-template.ts';
import type { FunctionState } from './plan-rollback.ts';

export interface StackState {
  status: string;
  /** When its last update began, milliseconds since the epoch. */
  updatedAt: number;
}

export interface Cloud {
  stack(name: string): Promise<StackState>;
  cancelUpdate(name: string): Promise<void>;
  template(name: string): Promise<DeployedTemplate>;
  /** Those behind an alias `live`. */
  functions(stack: string): Promise<FunctionState[]>;
  deleteVersion(name: string, version: number): Promise<void>;
  /** The payload of its answer; throws where the function failed. */
  invoke(name: string, payload: object): Promise<string>;
}

export const openCloud = (lambda = new LambdaClient({}), formation = new CloudFormationClient({})): Cloud => {
  const stateOf = async (name: string): Promise<FunctionState> => {
    const alias = await lambda.send(new GetAliasCommand({ FunctionName: name, Name: 'live' }));
    const versions: { version: number; at: number }[] = [];
    for await (const page of paginateListVersionsByFunction({ client: lambda }, { FunctionName: name }))
      for (const { Version = '', LastModified = '' } of page.Versions ?? [])
        if (/^[0-9]+$/.test(Version))
          versions.push({ version: Number(Version), at: Date.parse(LastModified) });
    return { name, live: Number(alias.FunctionVersion), versions };
  };
  return {
    stack: async (StackName) => {
      const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName }));
      const [found] = Stacks;
      if (found === undefined) throw new Error(`there is no stack ${StackName}`);
      const at = found.LastUpdatedTime ?? found.CreationTime ?? new Date(0);
      return { status: found.StackStatus ?? 'unknown', updatedAt: at.getTime() };
    },
    cancelUpdate: async (StackName) => {
      await formation.send(new CancelUpdateStackCommand({ StackName }));
    },
    template: async (StackName) => {
      const { TemplateBody = '' } = await formation.send(
        new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
      );
      return JSON.parse(TemplateBody) as DeployedTemplate;
    },
    functions: async (StackName) => {
      const names: string[] = [];
      for await (const page of paginateListStackResources({ client: formation }, { StackName }))
        for (const { ResourceType, PhysicalResourceId = '' } of page.StackResourceSummaries ?? [])
          if (ResourceType === 'AWS::Lambda::Function' && PhysicalResourceId.startsWith('atp-'))
            names.push(PhysicalResourceId);
      return Promise.all(names.map(stateOf));
    },
    deleteVersion: async (FunctionName, version) => {
      await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: String(version) }));
    },
    invoke: async (FunctionName, payload) => {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }),
      );
      const text = Buffer.from(Payload ?? []).toString('utf8');
      if (FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${text}`);
      return text;
    },
  };
};
