/** A stack whose template is a file, as it is. */
import { type App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';

export interface PinnedStack {
  name: string;
  templateFile: string;
  keepsData: boolean;
}

export const pinnedStack = (app: App, { name, templateFile, keepsData }: PinnedStack): Stack => {
  const stack = new Stack(app, name, {
    // The template has the parameter and the rule that it would add.
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    terminationProtection: keepsData,
  });
  new CfnInclude(stack, 'Deployed', { templateFile });
  return stack;
};
