/** A CDK app of one stack, whose template is a file: the CLI then brings it to AWS, however large it is. */
import { App } from 'aws-cdk-lib';
import { pinnedStack } from './pinned-stack.ts';

const app = new App({ analyticsReporting: false });
const text = (name: string): string => String(app.node.tryGetContext(name));

pinnedStack(app, {
  name: text('stack'),
  templateFile: text('template'),
  keepsData: text('keepsData') === 'true',
});
