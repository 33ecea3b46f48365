/** flags, drain: switches of the whole stage. */
import { type Command, Option } from 'commander';
import { given, numberOf, type World } from '../session.ts';
import { operating } from './resource.ts';

const addFlags = (program: Command, world: World): void => {
  const group = program
    .command('flags')
    .description('The operational flags')
    .addHelpText('after', '\nExample:\n  atp flags set --rust-percent 50');
  group
    .command('get', { isDefault: true })
    .description('Show them')
    .action(operating(world, async ({ api, out }) => out.record(await api.json('GET', '/admin/flags'))));
  group
    .command('set')
    .description('Change some; the others stay')
    .option('--rust-percent <n>', 'share of requests that the Rust selector decides', numberOf)
    .addOption(
      new Option('--selector <state>', 'the emergency switch of learnt routing').choices(['on', 'off']),
    )
    .option('--pii-detector <name>', 'rules, shadow or hybrid')
    .action(
      operating(
        world,
        async ({ api, out }, options: { rustPercent?: number; selector?: string; piiDetector?: string }) => {
          const { rustPercent, selector, piiDetector } = options;
          const enabled = selector === undefined ? undefined : selector === 'on';
          const chosen = given({ rust_percent: rustPercent, enabled });
          const body = given({
            selector: Object.keys(chosen).length === 0 ? undefined : chosen,
            pii: piiDetector === undefined ? undefined : { detector: piiDetector },
          });
          out.record(await api.json('PUT', '/admin/flags', { body }));
        },
      ),
    );
};

export const addOperating = (program: Command, world: World): void => {
  addFlags(program, world);
  const group = program
    .command('drain')
    .description('Take no new work, or take it again')
    .addHelpText('after', '\nExample:\n  atp drain begin --reason "a new version"');
  group
    .command('status', { isDefault: true })
    .description('Does the stage take new work')
    .action(operating(world, async ({ api, out }) => out.record(await api.json('GET', '/admin/drain'))));
  group
    .command('begin')
    .description('Take no new work')
    .option('--reason <text>', 'what sockets are told')
    .option('--patience <ms>', 'how long what is under way may take', numberOf)
    .action(
      operating(world, async ({ api, out }, options: { reason?: string; patience?: number }) => {
        const body = { enabled: true, ...given({ reason: options.reason, patience_ms: options.patience }) };
        out.record(await api.json('POST', '/admin/drain', { body }));
      }),
    );
  group
    .command('end')
    .description('Take new work again')
    .action(
      operating(world, async ({ api, out }) =>
        out.record(await api.json('POST', '/admin/drain', { body: { enabled: false } })),
      ),
    );
};
