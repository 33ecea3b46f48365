/** The CDK app: `cdk -c stage=dev` (default), `-c emulated=true` with `-c emulator=ADDRESS`, `-c alarmEmail=…`. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildStacks } from './build-stacks.ts';
import { stageOptions } from './stage.ts';

const app = new App();
const text = (name: string): string | undefined => app.node.tryGetContext(name) as string | undefined;

buildStacks(
  app,
  stageOptions(text('stage') ?? 'dev', {
    emulated: text('emulated') === 'true',
    emulator: text('emulator'),
    alarmEmail: text('alarmEmail'),
  }),
);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
