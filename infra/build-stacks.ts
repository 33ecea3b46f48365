import { type App, Aspects, type Stack, Tags } from 'aws-cdk-lib';
import { DropUnsupported } from './emulator-aspect.ts';
import { suppressFindings } from './nag.ts';
import { ConsoleStack } from './stacks/console-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { GatewayStack } from './stacks/gateway-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import type { Stacks } from './stacks/stacks.ts';
import type { StageOptions } from './stage.ts';

/** A stage's stacks, named `atp-<stage>-<what>`. */
export const buildStacks = (app: App, stage: StageOptions): Stacks => {
  const named = (what: string): string => `atp-${stage.name}-${what}`;
  const data = new DataStack(app, named('data'), { stage });
  const gateway = new GatewayStack(app, named('gateway'), { stage, data });
  const observability = new ObservabilityStack(app, named('observability'), { stage, gateway, data });
  const stacks: Stacks = {
    data,
    gateway,
    observability,
    ...(stage.console ? { console: new ConsoleStack(app, named('console'), { stage, gateway }) } : {}),
  };
  for (const stack of Object.values(stacks) as Stack[]) {
    Tags.of(stack).add('application', 'atp-router');
    Tags.of(stack).add('stage', stage.name);
    if (stage.emulated) Aspects.of(stack).add(new DropUnsupported());
  }
  suppressFindings(stacks, stage);
  return stacks;
};
