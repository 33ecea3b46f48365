/** The command's arguments, and its answer as text. */
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { Adapter } from '../../shared/model/adapter.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { policyReply } from '../../shared/model/policy-replies.ts';
import { adapterReply } from '../../shared/model/replies.ts';
import { evaluatePolicy } from '../../shared/services/evaluation/evaluate-policy.ts';
import { readExport } from './read-export.ts';
import { report } from './report.ts';

const HELP = `Usage: npm run evaluate-policy -- --file FILE --policy FILE --adapters FILE [options]

Estimates what a policy would have earned on logged traffic of other policies: IPS, self-normalised IPS and doubly
robust, with 95 % intervals. It reads files and sends nothing.

  --file FILE       the log: an export of the Observations table as DynamoDB writes it (.json.gz or unpacked), or
                    observations as JSON, one a line; may be given more than once
  --policy FILE     the policy to judge, as GET /admin/policies/{id} answers it
  --adapters FILE   the models, as GET /admin/adapters answers them
  --champion FILE   a policy by whose weights utility counts, and whose own value is told beside
  --from, --to TIME only what was made between (ISO 8601)
  --json            the numbers as JSON
  --help            this
`;

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      file: { type: 'string', multiple: true },
      policy: { type: 'string' },
      adapters: { type: 'string' },
      champion: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;

interface Schema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: { issues: Issue[] } };
}
interface Issue {
  path: PropertyKey[];
  message: string;
}

const documentIn = async <Value>(path: string, schema: Schema<Value>): Promise<Value> => {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof SyntaxError ? 'not JSON' : 'no such file'}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${path}: /${issue?.path.map(String).join('/') ?? ''} ${issue?.message ?? 'is not valid'}`);
};

/** An evaluation has no use for their health, and a list made by hand has none. */
const adaptersFile = z.array(adapterReply.partial({ health: true }));

const needed = (name: string, value: string | undefined): string => {
  if (value === undefined) throw new Error(`--${name} is needed; --help says more`);
  return value;
};

const timeOf = (name: string, text: string | undefined, otherwise: number): number => {
  const time = text === undefined ? otherwise : Date.parse(text);
  if (Number.isNaN(time)) throw new Error(`--${name} is not a time`);
  return time;
};

/** What to print. Throws with one line where it cannot be done. */
export const run = async (args: readonly string[]): Promise<string> => {
  const options = parse(args);
  if (options.help) return HELP;
  const policy = (await documentIn(needed('policy', options.policy), policyReply)) as Policy;
  const adapters = (await documentIn(needed('adapters', options.adapters), adaptersFile)) as Adapter[];
  const champion =
    options.champion === undefined
      ? undefined
      : ((await documentIn(options.champion, policyReply)) as Policy);
  const from = timeOf('from', options.from, Number.NEGATIVE_INFINITY);
  const to = timeOf('to', options.to, Number.POSITIVE_INFINITY);
  if (options.file === undefined) throw new Error('--file is needed; --help says more');
  const observations = (await readExport(options.file)).filter(({ created_at }) => {
    const at = Date.parse(created_at);
    return at >= from && at <= to;
  });
  const pause = () => setImmediate();
  const evaluation = await evaluatePolicy({ policy, champion, adapters, observations, pause });
  return options.json ? `${JSON.stringify(evaluation, null, 2)}\n` : report(evaluation);
};
