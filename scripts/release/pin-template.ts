/**
 * A deployed template with some aliases led to earlier versions, at once: CloudFormation then knows where they lead, and the
 * next deployment begins there. Moved behind its back, CodeDeploy would refuse to move them again.
 */
import type { Move } from './plan-rollback.ts';

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  UpdatePolicy?: unknown;
}

export interface DeployedTemplate {
  Resources: Record<string, Resource>;
}

const functionOf = ({ Resources }: DeployedTemplate, alias: Resource): unknown => {
  const { FunctionName } = alias.Properties ?? {};
  if (typeof FunctionName === 'string') return FunctionName;
  const id = (FunctionName as { Ref?: string } | undefined)?.Ref;
  return id === undefined ? undefined : Resources[id]?.Properties?.FunctionName;
};

/** Throws where the template has no alias of a function that is to be moved. */
export const pinTemplate = (template: DeployedTemplate, moves: readonly Move[]): DeployedTemplate => {
  const left = new Map(moves.map((move) => [move.name, move]));
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      if (resource.Type !== 'AWS::Lambda::Alias') return [id, resource];
      const name = String(functionOf(template, resource));
      const move = left.get(name);
      if (move === undefined) return [id, resource];
      left.delete(name);
      const { UpdatePolicy: _, ...alias } = resource;
      return [id, { ...alias, Properties: { ...alias.Properties, FunctionVersion: String(move.to) } }];
    }),
  );
  const [missing] = left.keys();
  if (missing !== undefined) throw new Error(`the stack has no alias of ${missing}`);
  return { ...template, Resources };
};
