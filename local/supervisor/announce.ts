/** What a person at the terminal gets to read. */
import type { RuntimeDescription } from './runtime-file.ts';

export interface Announcer {
  /** A line on the way; silent with --quiet. */
  note(text: string): void;
  ready(runtime: RuntimeDescription, data: string): void;
  /** Always, and on standard error. */
  complain(text: string): void;
}

interface Output {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
  quiet: boolean;
}

export const makeAnnouncer = ({ stdout, stderr, env, quiet }: Output): Announcer => {
  const colourful = stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const paint = (code: string, text: string): string =>
    colourful ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    note: (text) => {
      if (!quiet) stdout.write(`${text}\n`);
    },
    complain: (text) => {
      stderr.write(`${text}\n`);
    },
    ready: (runtime, data) => {
      if (quiet) {
        stdout.write(`${runtime.url}\n`);
        return;
      }
      stdout.write(`
${paint('1', `ATP Router ${runtime.version} is ready:`)} ${paint('36', runtime.url)}

  admin key   ${runtime.admin_key}
  tenant key  ${runtime.tenant_key}  (tenant ${runtime.tenant_id})
  console     ${runtime.url}/console/
  data, logs  ${data}

Try:
${examples(runtime)
  .map((line) => `  ${line}`)
  .join('\n\n')}

Ctrl-C ends it.
`);
    },
  };
};

const examples = ({ url, tenant_key: tenant, admin_key: admin }: RuntimeDescription): string[] => [
  `curl -s ${url}/v1/ask -H 'authorization: Bearer ${tenant}' -H 'content-type: application/json' -d '{"prompt":"Explain quantum computing"}'`,
  `curl -sN ${url}/v1/ask -H 'authorization: Bearer ${tenant}' -H 'content-type: application/json' -d '{"prompt":"Write a haiku","stream":true}'`,
  `curl -s '${url}/admin/observations?limit=5' -H 'authorization: Bearer ${admin}'`,
];
