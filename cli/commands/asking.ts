/** ask, plan, observe, models: what any caller may do. */
import type { Command } from 'commander';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { refusedEvent } from '../client.ts';
import { given, numberOf, type Session, sessionOf, type World } from '../session.ts';

interface AskOptions {
  quality?: string;
  maxCost?: number;
  latency?: number;
  task?: string;
  session?: string;
  maxTokens?: number;
  stream?: boolean;
}

const bodyOf = async (world: World, words: readonly string[], options: AskOptions) => ({
  prompt: words.length === 1 && words[0] === '-' ? await world.readInput() : words.join(' '),
  ...given({
    quality: options.quality,
    max_cost_usd: options.maxCost,
    latency_slo_ms: options.latency,
    task_type: options.task,
    session_id: options.session,
    max_tokens: options.maxTokens,
  }),
});

interface Reply {
  text: string;
  model_used: string;
  cost_usd: number;
  tokens_in: number;
  tokens_out: number;
  latency_ms: number;
  request_id: string;
}

const summary = (reply: Reply): string =>
  `${reply.model_used}, ${reply.tokens_in} + ${reply.tokens_out} tokens, $${reply.cost_usd}, ` +
  `${Math.round(reply.latency_ms)} ms, request ${reply.request_id}`;

/** Text as it comes, or each event as a line of JSON. */
const askStreamed = async ({ api, out, acting }: Session, body: object): Promise<void> => {
  const response = await api.send('POST', '/v1/ask', { body: { ...body, stream: true }, headers: acting });
  if (response.body === null) return;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events) {
    const value: unknown = JSON.parse(data);
    if (out.isJson) out.json({ event, data: value });
    else if (event === 'chunk') out.text((value as { text: string }).text);
    else if (event === 'response') {
      out.text('\n');
      out.aside(summary(value as Reply));
    }
    if (event === 'error') throw refusedEvent(value);
  }
};

const asking = (command: Command): Command =>
  command
    .option('--quality <tier>', 'fast, balanced or high')
    .option('--max-cost <usd>', 'what the answer may cost at most', numberOf)
    .option('--latency <ms>', 'how long it should take at most', numberOf)
    .option('--task <type>', 'what kind of task it is')
    .option('--session <id>', 'keep to the model of this session')
    .option('--max-tokens <n>', 'how long the answer may be', numberOf);

const CANDIDATES = ['id', 'eligible', 'reason', 'quality', 'cost_usd', 'latency_ms', 'score', 'propensity'];

export const addAsking = (program: Command, world: World): void => {
  asking(program.command('ask'))
    .description('Route a prompt to a model and answer it')
    .argument('<prompt...>', 'the prompt; - reads it from standard input')
    .option('--stream', 'print the answer as it comes')
    .addHelpText('after', '\nExample:\n  atp ask --quality high "Explain quantum computing"')
    .action(async (words: string[], options: AskOptions, command: Command) => {
      const session = sessionOf(world, command, 'tenant');
      const body = await bodyOf(world, words, options);
      if (options.stream === true) return askStreamed(session, body);
      const { api, out, acting } = session;
      const reply = (await api.json('POST', '/v1/ask', { body, headers: acting })) as Reply;
      if (out.isJson) return out.json(reply);
      out.text(`${reply.text}\n`);
      out.aside(summary(reply));
    });

  asking(program.command('plan'))
    .description('Show which model a prompt would go to; nothing is called, nothing charged')
    .argument('<prompt...>', 'the prompt; - reads it from standard input')
    .addHelpText('after', '\nExample:\n  atp plan "Explain quantum computing"')
    .action(async (words: string[], options: AskOptions, command: Command) => {
      const { api, out, acting } = sessionOf(world, command, 'tenant');
      const body = await bodyOf(world, words, options);
      const plan = (await api.json('POST', '/v1/plan', { body, headers: acting })) as {
        candidates: unknown[];
        policy: string;
        selector: string;
      };
      if (out.isJson) return out.json(plan);
      out.rows(plan.candidates, CANDIDATES);
      out.aside(`policy ${plan.policy}, selector ${plan.selector}`);
    });

  program
    .command('observe')
    .description('Score an earlier answer')
    .argument('<request-id>', 'as the answer named it')
    .argument('<score>', 'from 0 to 1', numberOf)
    .option('--label <name=value...>', 'labels of the score')
    .addHelpText(
      'after',
      '\nExample:\n  atp observe 01a21fe3-c255-7138-b040-67e5e22a749e 0.9 --label team=search',
    )
    .action(
      async (request_id: string, quality_score: number, options: { label?: string[] }, command: Command) => {
        const { api, out, acting } = sessionOf(world, command, 'tenant');
        const labels = options.label?.map((pair): [string, string] => {
          const at = pair.indexOf('=');
          return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
        });
        const body = { request_id, quality_score, ...(labels ? { labels: Object.fromEntries(labels) } : {}) };
        out.record(await api.json('POST', '/v1/observe', { body, headers: acting }));
      },
    );

  program
    .command('models')
    .description('List the models that callers may name')
    .addHelpText('after', '\nExample:\n  atp models --json')
    .action(async (_: object, command: Command) => {
      const { api, out, acting } = sessionOf(world, command, 'tenant');
      const list = (await api.json('GET', '/v1/models', { headers: acting })) as { data: unknown[] };
      if (out.isJson) out.json(list);
      else out.rows(list.data, ['id', 'owned_by']);
    });
};
