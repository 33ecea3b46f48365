/** policies: how requests are routed. */
import type { Command } from 'commander';
import { given, numberOf, type World } from '../session.ts';
import { bodyIn } from './body.ts';
import { addGet, addGroup, addRemove, operating, type Resource } from './resource.ts';

const POLICIES: Resource = {
  name: 'policies',
  one: 'policy',
  description: 'How requests are routed',
  path: '/admin/policies',
  columns: ['id', 'version', 'strategy', 'pii_mode', 'tenants', 'description'],
  example: 'echo \'{"strategy": "greedy"}\' | atp policies put careful --file -',
};

const policyAt = (id: string, rest = ''): string => `/admin/policies/${encodeURIComponent(id)}${rest}`;

export const addPolicies = (program: Command, world: World): void => {
  const group = addGroup(program, world, POLICIES);
  addGet(group, world, POLICIES);
  group
    .command('put')
    .description("Make a policy, or a policy's next version")
    .argument('<id>', 'its id')
    .requiredOption('--file <path>', 'the policy as JSON; - is standard input')
    .option('--if-version <n>', 'only where it stands at this version')
    .action(
      operating(world, async ({ api, out }, id: string, options: { file: string; ifVersion?: string }) => {
        const body = await bodyIn(world, options.file);
        const headers = options.ifVersion === undefined ? {} : { 'if-match': `"${options.ifVersion}"` };
        out.record(await api.json('PUT', policyAt(id), { body, headers }));
      }),
    );
  group
    .command('versions')
    .description('List the versions of a policy, newest first')
    .argument('<id>', 'its id')
    .action(
      operating(world, async ({ api, out }, id: string) =>
        out.rows((await api.json('GET', policyAt(id, '/versions'))) as unknown[], [
          'version',
          'strategy',
          'updated_at',
          'description',
        ]),
      ),
    );
  group
    .command('evaluate')
    .description('What a policy would have earned on past traffic')
    .argument('<id>', 'its id')
    .option('--days <n>', 'of how many days')
    .action(
      operating(world, async ({ api, out }, id: string, { days }: { days?: string }) =>
        out.record(await api.json('GET', policyAt(id, '/evaluation'), { query: { days } })),
      ),
    );
  group
    .command('arms')
    .description("What is known of a policy's models")
    .argument('<id>', 'its id')
    .option('--hours <n>', 'what they did in so many hours')
    .action(
      operating(world, async ({ api, out }, id: string, { hours }: { hours?: string }) =>
        out.record(await api.json('GET', policyAt(id, '/arms'), { query: { hours } })),
      ),
    );
  group
    .command('promote')
    .description("Put a policy's challenger in its place, where it is shown to be better")
    .argument('<id>', 'its id')
    .option('--days <n>', 'judged by how many days', numberOf)
    .action(
      operating(world, async ({ api, out }, id: string, { days }: { days?: number }) =>
        out.record(await api.json('POST', policyAt(id, '/promote'), { body: given({ days }) })),
      ),
    );
  addRemove(group, world, POLICIES);
};
