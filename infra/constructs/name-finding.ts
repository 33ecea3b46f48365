/** Where the model is that finds names: in who answers prompts, in a function of its own, or nowhere. */
import { Duration } from 'aws-cdk-lib';
import type { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FindNamesEnvironment } from '../../shared/config/env.ts';
import type { StageOptions } from '../stage.ts';
import { NodeFunction } from './functions.ts';
import { PII_MODEL_DIR, piiLayer } from './pii-layer.ts';

export interface NamesFunctions {
  /** Where the model has a function of its own. */
  findNames?: NodeFunction;
}

export interface NameFinding {
  functions: NamesFunctions;
  /** What tells who answers prompts where the model is. */
  variables: { PII_MODEL_DIR?: string; PII_FUNCTION?: string };
  /** Lets a function use it. */
  equip(fn: NodeFunction): void;
}

/** Of every function, whatever it does. */
export const telemetryOf = (stage: StageOptions, service: string) => ({
  POWERTOOLS_SERVICE_NAME: service,
  POWERTOOLS_METRICS_NAMESPACE: 'AtpRouter',
  POWERTOOLS_LOG_LEVEL: stage.logLevel,
  POWERTOOLS_TRACE_ENABLED: 'true',
});

/** From 1,769 MB on Lambda gives a whole processor, and the model takes what there is of one. */
const WHOLE_PROCESSOR_MB = 1_792;

const finder = (
  scope: Construct,
  stage: StageOptions,
  base: Omit<FindNamesEnvironment, 'PII_MODEL_DIR'>,
  layer: LayerVersion,
): NodeFunction => {
  const environment: FindNamesEnvironment = { ...base, PII_MODEL_DIR };
  const fn = new NodeFunction(scope, 'FindNames', {
    stage,
    source: 'find-names',
    description: 'Finds names and addresses in prompts',
    environment: { ...environment },
    memoryMb: Math.max(stage.functionMemoryMb, WHOLE_PROCESSOR_MB),
    timeout: Duration.seconds(20),
  });
  fn.function.addLayers(layer);
  return fn;
};

export const nameFinding = (
  scope: Construct,
  stage: StageOptions,
  base: Omit<FindNamesEnvironment, 'PII_MODEL_DIR'>,
): NameFinding => {
  const layer = piiLayer(scope, stage);
  if (layer === undefined) return { functions: {}, variables: {}, equip: () => undefined };
  if (!stage.piiFunction) {
    const equip = (fn: NodeFunction): void => fn.function.addLayers(layer);
    return { functions: {}, variables: { PII_MODEL_DIR }, equip };
  }
  const findNames = finder(scope, stage, base, layer);
  return {
    functions: { findNames },
    variables: { PII_FUNCTION: findNames.live.functionArn },
    equip: (fn) => void findNames.live.grantInvoke(fn.function),
  };
};
