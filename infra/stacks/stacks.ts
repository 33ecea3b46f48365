/** The stacks of one stage. */
import type { ConsoleStack } from './console-stack.ts';
import type { DataStack } from './data-stack.ts';
import type { GatewayStack } from './gateway-stack.ts';
import type { ObservabilityStack } from './observability-stack.ts';

export interface Stacks {
  data: DataStack;
  gateway: GatewayStack;
  observability: ObservabilityStack;
  /** Where the stage has one. */
  console?: ConsoleStack;
}
