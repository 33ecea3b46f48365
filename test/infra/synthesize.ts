/** A stage's templates, with functions that only look like some, so that these tests need no build. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildStacks } from '../../infra/build-stacks.ts';
import type { Stacks } from '../../infra/stacks/stacks.ts';
import { type StageName, stageOptions, type TracingOptions } from '../../infra/stage.ts';
import type { StageIdentity } from '../../shared/config/identity-file.ts';

export const NODE_FUNCTIONS = [
  'completions',
  'feedback',
  'admin',
  'series',
  'status',
  'mcp',
  'replay',
  'probe-adapters',
  'rotate-secret',
  'ws-gate',
  'ws-message',
  'ws-worker',
  'verify-release',
  'canary',
] as const;
export const RUST_FUNCTIONS = ['select', 'learn'] as const;

export interface Synthesized {
  app: App;
  stacks: Stacks;
  data: Template;
  gateway: Template;
  observability: Template;
  /** Where the stage has one. */
  console: Template | undefined;
  all: readonly Template[];
}

const write = (directory: string, file: string): void => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), directory);
};

export const fakeBuild = (options: { withRust: boolean; withModel?: boolean }): string => {
  const dist = mkdtempSync(join(tmpdir(), 'atp-infra-'));
  for (const name of [...NODE_FUNCTIONS, 'export-audit', 'find-names', 'publish-events'])
    write(join(dist, 'functions', name), 'index.mjs');
  if (options.withModel !== false) write(join(dist, 'layers', 'pii', 'pii'), 'model.onnx');
  if (options.withRust) for (const name of RUST_FUNCTIONS) write(join(dist, 'rust', name), 'bootstrap');
  return dist;
};

interface Overrides {
  emulated?: boolean;
  emulator?: string;
  alarmEmail?: string;
  auditExportDays?: number;
  piiFunction?: boolean;
  identity?: StageIdentity;
  console?: boolean;
  tracing?: TracingOptions;
  compute?: string;
  context?: Record<string, string>;
}

/** Stages that were synthesized in this process: one takes seconds, and most tests only read. */
const known = new Map<string, Synthesized>();

/** For tests that only read what they are given; whoever changes a stack uses `synthesizeAnew`. */
export const synthesize = (stage: StageName, overrides: Overrides = {}): Synthesized => {
  const key = JSON.stringify([stage, overrides]);
  const synthesized = known.get(key) ?? synthesizeAnew(stage, overrides);
  known.set(key, synthesized);
  return synthesized;
};

export const synthesizeAnew = (stage: StageName, overrides: Overrides = {}): Synthesized => {
  const { context = {}, ...options } = overrides;
  const app = new App({
    context: { dist: fakeBuild({ withRust: true }), ...context },
    outdir: mkdtempSync(join(tmpdir(), 'atp-infra-out-')),
  });
  const stacks = buildStacks(app, stageOptions(stage, options));
  const data = Template.fromStack(stacks.data);
  const gateway = Template.fromStack(stacks.gateway);
  const observability = Template.fromStack(stacks.observability);
  const console = stacks.console === undefined ? undefined : Template.fromStack(stacks.console);
  const all = [data, gateway, observability];
  return { app, stacks, data, gateway, observability, console, all };
};

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The resources of a type over several templates, with their logical ids. */
export const resourcesOf = (templates: readonly Template[], type: string): (readonly [string, Resource])[] =>
  templates.flatMap((template) => Object.entries(template.findResources(type) as Record<string, Resource>));

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

const asList = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

/** Every statement of every identity policy, flattened. */
export const grantsOf = (
  templates: readonly Template[],
): { policy: string; actions: string[]; resources: unknown[] }[] =>
  resourcesOf(templates, 'AWS::IAM::Policy').flatMap(([policy, { Properties }]) =>
    (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement.map(
      ({ Action, Resource }) => ({ policy, actions: asList(Action), resources: asList(Resource) }),
    ),
  );

/** A function's name in its resources' logical ids: `ws-gate` becomes `WsGate`. */
export const idOf = (name: string): string =>
  name.replace(/(?:^|-)[a-z]/g, (start) => start.slice(-1).toUpperCase());
