/** What GitHub's own parser finds wrong with a workflow: keys, types, and the expressions' syntax and contexts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

type Parser = typeof import('@actions/workflow-parser');

/** It imports JSON as only bundlers do. */
export const loadParser = async (): Promise<Parser> => {
  const directory = mkdtempSync(join(tmpdir(), 'atp-workflows-'));
  const outfile = join(directory, 'parser.cjs');
  try {
    await build({
      ...{ outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
      stdin: { contents: "export * from '@actions/workflow-parser';", resolveDir: import.meta.dirname },
    });
    return createRequire(import.meta.url)(outfile) as Parser;
  } finally {
    rmSync(directory, { recursive: true });
  }
};

export const faultsOf = async (
  { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow }: Parser,
  name: string,
  content: string,
): Promise<string[]> => {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const { errors = [] } = value === undefined ? {} : await convertWorkflowTemplate(context, value);
  return [
    ...context.errors.getErrors().map(({ message }) => message),
    ...errors.map(({ Message }) => Message),
  ];
};
