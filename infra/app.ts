/**
 * The CDK app: `cdk -c stage=dev` (default), `-c emulated=true` with `-c emulator=ADDRESS`, `-c alarmEmail=…`,
 * `-c identity=FILE`, `-c webAcl=on|off`, `-c piiFunction=on|off`, `-c console=on|off`, `-c auditExportDays=…`,
 * `-c compute=on-demand|managed-instances`, `-c tracing=xray|ADDRESS` with `-c traceShare=0..1` and `-c traceProviders=on`.
 */
import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readIdentity } from '../shared/config/identity-file.ts';
import { buildStacks } from './build-stacks.ts';
import { readTracing } from './constructs/tracing.ts';
import { stageOptions } from './stage.ts';

const app = new App();
const text = (name: string): string | undefined => app.node.tryGetContext(name) as string | undefined;
/** Undefined where the stage decides. */
const onOrOff = (name: string): boolean | undefined => {
  const value = text(name);
  if (value === undefined || value === 'on' || value === 'off')
    return value === undefined ? undefined : value === 'on';
  throw new Error(`${name} must be on or off`);
};

const identityOf = (path: string | undefined) =>
  path === undefined ? undefined : readIdentity(readFileSync(path, 'utf8'), false);

const days = (name: string): number | undefined => {
  const given = text(name);
  if (given === undefined) return undefined;
  if (!/^[1-9][0-9]{0,4}$/.test(given)) throw new Error(`${name} must be a whole number of days`);
  return Number(given);
};

buildStacks(
  app,
  stageOptions(text('stage') ?? 'dev', {
    emulated: text('emulated') === 'true',
    emulator: text('emulator'),
    alarmEmail: text('alarmEmail'),
    auditExportDays: days('auditExportDays'),
    webAcl: onOrOff('webAcl'),
    piiFunction: onOrOff('piiFunction'),
    console: onOrOff('console'),
    identity: identityOf(text('identity')),
    compute: text('compute'),
    tracing: readTracing(text('tracing'), text('traceShare'), onOrOff('traceProviders')),
  }),
);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
