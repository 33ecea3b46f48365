#!/usr/bin/env node
/** `npm run deploy -- --stage S`: check, build, synthesise, deploy, and ask the deployed gateway how it is. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RUST_FUNCTIONS, stageBinary } from './stage-rust.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const STAGES = ['dev', 'staging', 'prod'];
const BUILDERS = ['cargo-lambda==1.9.2', 'ziglang==0.17.1'];
// The C library of provided.al2023.
const TARGET = 'x86_64-unknown-linux-gnu.2.34';
const READY_ATTEMPTS = 6;
const READY_PAUSE_MS = 5_000;
const HELP = `npm run deploy -- --stage dev|staging|prod [--yes] [--alarm-email ADDRESS] [--identity FILE]
  [--compute on-demand|managed-instances] [--tracing xray|ADDRESS] [--context NAME=VALUE]... [--skip-checks] [--build-only]

Checks types and architecture, builds the functions (the Rust ones with cargo-lambda for provided.al2023, x86_64), deploys
the stage's stacks with the AWS credentials and region of your environment, and asks /readyz and each function. Traffic
moves to new versions step by step (docs/operations/deployment.md); npm run rollback takes the deployment back.
  --yes           answers CDK's question about changed permissions
  --alarm-email   who is told of alarms
  --identity      trusted issuers and certificates, and a domain (docs/security/authentication.md)
  --compute       where the functions run, if not where infra/stage.ts says (docs/operations/scaling.md)
  --tracing       where spans go: X-Ray, or a collector's address (docs/operations/tracing.md)
  --context       any other option of the stage, as in traceShare=0.1 or piiFunction=on (docs/operations/deployment.md)
  --skip-checks   deploys what was checked elsewhere
  --build-only    builds, and stops before anything leaves this machine
An account and region are prepared once by: npx cdk bootstrap`;

const fail = (message) => {
  console.error(message);
  process.exit(1);
};
const step = (title) => console.log(`\n== ${title}`);
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });

/** Runs a command whose own output says what went wrong. */
const runOrFail = (what, ...command) => {
  try {
    run(...command);
  } catch (error) {
    fail(`${what}: ${error.code === 'ENOENT' ? `${command[0]} was not found` : 'the reason is above'}.`);
  }
};

const options = () => {
  try {
    return parseArgs({
      options: {
        stage: { type: 'string' },
        yes: { type: 'boolean', default: false },
        'alarm-email': { type: 'string' },
        identity: { type: 'string' },
        compute: { type: 'string' },
        tracing: { type: 'string' },
        context: { type: 'string', multiple: true, default: [] },
        'skip-checks': { type: 'boolean', default: false },
        'build-only': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
};

/** Minutes of building are wasted where nobody may deploy. */
const checkCredentials = async () => {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  const { config } = new LambdaClient({});
  await config.region().catch(() => fail('No AWS region: set AWS_REGION, or one in your AWS profile.'));
  await config
    .credentials()
    .catch(() => fail('No AWS credentials: set AWS_PROFILE, or sign in with aws login or aws sso login.'));
};

const buildRust = () => {
  const bin = join(ROOT, '.venv/bin');
  if (!existsSync(join(bin, 'python')))
    runOrFail('Python cannot make .venv', process.env.PYTHON ?? 'python3', ['-m', 'venv', '.venv']);
  if (!existsSync(join(bin, 'cargo-lambda')))
    // zig links against Lambda's C library, whatever this machine has.
    runOrFail('cargo-lambda cannot be installed', join(bin, 'python'), [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
      ...BUILDERS,
    ]);
  const build = ['lambda', 'build', '--profile', 'deploy', '--locked', '--target', TARGET];
  runOrFail('The Rust functions cannot be built', join(bin, 'cargo-lambda'), build, {
    cwd: join(ROOT, 'rust-selector'),
    env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) },
  });
  for (const name of RUST_FUNCTIONS)
    stageBinary(name, join(ROOT, 'rust-selector/target/lambda', name, 'bootstrap'));
};

/** A new function's first answer may take a moment. */
const askReady = async (url) => {
  for (let attempt = 1; ; attempt++) {
    const reply = await fetch(`${url}/readyz`).then(
      async (response) => ({ ok: response.ok, text: `${response.status} ${await response.text()}` }),
      (error) => ({ ok: false, text: String(error.cause ?? error) }),
    );
    if (reply.ok || attempt === READY_ATTEMPTS) return reply;
    await new Promise((done) => setTimeout(done, READY_PAUSE_MS));
  }
};

const { stage, yes, help, ...values } = options();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (!STAGES.includes(stage)) fail(`--stage must be one of ${STAGES.join(', ')}.\n\n${HELP}`);
const { bundleFunctions } = await import('./bundle.mjs').catch(() => fail('Run npm ci first.'));
const { stagePiiLayer } = await import('./pii-layer.mjs');
if (![undefined, 'on-demand', 'managed-instances'].includes(values.compute))
  fail(`--compute must be on-demand or managed-instances.\n\n${HELP}`);
const unclear = values.context.find((text) => !/^[A-Za-z]+=./.test(text));
if (unclear !== undefined) fail(`--context ${unclear} must be NAME=VALUE.\n\n${HELP}`);
if (!values['build-only']) await checkCredentials();

if (!values['skip-checks']) {
  step('Checks');
  runOrFail('The checks failed', 'npm', ['run', '--silent', 'typecheck']);
  runOrFail('The checks failed', 'npm', ['run', '--silent', 'architecture']);
}

step('Console');
runOrFail('The console cannot be built', process.execPath, [join(ROOT, 'scripts/console-build.mjs')]);
step('Functions');
stagePiiLayer();
for (const { name, total } of await bundleFunctions()) console.log(`${name} ${Math.round(total / 1024)} KiB`);
step('Rust functions');
buildRust();
if (values['build-only']) process.exit(0);

step(`Stacks of ${stage}`);
const outputs = join(ROOT, 'cdk.out', 'outputs.json');
runOrFail(`The stage ${stage} is not deployed`, 'npx', [
  ...['cdk', 'deploy', '--all', '-c', `stage=${stage}`],
  ...(values.compute === undefined ? [] : ['-c', `compute=${values.compute}`]),
  ...(values.tracing === undefined ? [] : ['-c', `tracing=${values.tracing}`]),
  ...values.context.flatMap((text) => ['-c', text]),
  ...['--outputs-file', outputs],
  ...(values['alarm-email'] === undefined ? [] : ['-c', `alarmEmail=${values['alarm-email']}`]),
  ...(values.identity === undefined ? [] : ['-c', `identity=${resolve(values.identity)}`]),
  ...(yes ? ['--require-approval', 'never'] : []),
]);

const gateway = JSON.parse(readFileSync(outputs, 'utf8'))[`atp-${stage}-gateway`];
const url = gateway.Url.replace(/\/$/, '');
if (gateway.DomainTarget === undefined) {
  step('Smoke test');
  const { ok, text } = await askReady(url);
  console.log(`${url}/readyz: ${text}`);
  if (!ok) fail(`The stage is deployed but not ready. npm run rollback -- --stage ${stage} takes it back.`);
}
// Its name may lead nowhere yet, and it may ask for a certificate.
else console.log(`Point ${url} at ${gateway.DomainTarget}, then ask ${url}/readyz.`);
const { openCloud } = await import('./release/cloud.ts');
const { smokeTest } = await import('./release/smoke-test.ts');
if (!(await smokeTest({ cloud: openCloud(), say: (line) => console.log(line) }, stage)))
  fail(
    `A function does not answer as it should. npm run rollback -- --stage ${stage} takes the deployment back.`,
  );
const pages = JSON.parse(readFileSync(outputs, 'utf8'))[`atp-${stage}-console`];
if (pages !== undefined) {
  step('Console');
  const [{ S3Client }, { uploadConsole }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('./console/upload.ts'),
  ]);
  const built = join(ROOT, 'console/dist');
  const files = await uploadConsole(new S3Client({}), pages.Bucket, built, pages.Config);
  console.log(`${files} files are at ${pages.Url}`);
}
console.log(`
The gateway is at ${url}
The first operator key is atp_${stage}_admin_SECRET, where SECRET is printed by
  aws secretsmanager get-secret-value --secret-id ${gateway.AdminKeySecret} --query SecretString --output text | sed -E 's/^\\{"secret":"([^"]+)".*/\\1/'`);
