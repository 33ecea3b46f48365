/** The model that finds names, as a layer: its 70 MB stay out of the functions' own code, whose deploys remain small. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';
import { distOf } from './functions.ts';

/** Where Lambda puts a layer's `pii` folder. */
export const PII_MODEL_DIR = '/opt/pii';

/** Undefined where the stage goes by patterns alone. */
export const piiLayer = (scope: Construct, stage: StageOptions): LayerVersion | undefined => {
  if (!stage.piiModel) return undefined;
  const directory = join(distOf(scope), 'layers', 'pii');
  if (!existsSync(join(directory, 'pii', 'model.onnx'))) {
    Annotations.of(scope).addWarningV2(
      'atp:pii-model-missing',
      'The model that finds names is missing (npm run synth and npm run deploy stage it): patterns alone are deployed.',
    );
    return undefined;
  }
  return new LayerVersion(scope, 'PiiModel', {
    code: Code.fromAsset(directory),
    description: 'Finds names and addresses: model and onnxruntime',
    compatibleArchitectures: [Architecture.X86_64],
    compatibleRuntimes: [Runtime.NODEJS_24_X],
  });
};
