/** Who may import whom; the reasons are in docs/architecture/overview.md. */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-circular', 'A cycle hides which module owns a decision.', {}, { circular: true }),
    rule(
      'level-0-imports-nothing-above',
      'Words and errors are the ground; they know nobody.',
      { path: '^shared/(model|errors|config|observability)/' },
      { path: '^(shared/(ports|services|adapters|middleware)|functions|local|infra)/' },
    ),
    rule(
      'ports-import-level-0',
      'A port is a shape; it may name only model and errors.',
      { path: '^shared/ports/' },
      { path: '^(shared/(services|adapters|middleware)|functions|local|infra)/' },
    ),
    rule(
      'services-stay-pure',
      'Decisions are made without knowing who stores or sends them.',
      { path: '^shared/services/' },
      {
        path: '^(shared/(adapters|middleware|config|observability)|functions|local|infra)/|^node_modules/@aws-sdk',
      },
    ),
    rule(
      'adapters-know-no-services',
      'I/O is replaceable only while nothing above leans on it.',
      { path: '^shared/adapters/' },
      { path: '^(shared/(services|middleware)|functions|local|infra)/' },
    ),
    rule(
      'middleware-knows-no-adapters',
      'The chain is composed of ports in index.ts.',
      { path: '^shared/middleware/' },
      { path: '^(shared/adapters|functions|local|infra)/' },
    ),
    rule(
      'functions-are-separate',
      'A Lambda is deployed alone; sharing goes through shared/.',
      { path: '^functions/([^/]+)/' },
      { path: '^functions/', pathNot: '^functions/$1/' },
    ),
    rule(
      'infra-imports-config-types-only',
      'The CDK app names functions by path and shares only configuration.',
      { path: '^infra/' },
      { path: '^(shared/(?!config/|model/)|functions|local)/' },
    ),
    rule(
      'cli-is-a-client',
      'It runs anywhere and knows the API as any other caller does.',
      { path: '^cli/' },
      { path: '^(shared|functions|local|infra|scripts)/' },
    ),
    rule(
      'console-is-a-client',
      'It runs in a browser and knows the API by its document alone.',
      { path: '^console/' },
      { path: '^(shared|functions|local|infra|scripts|cli)/' },
    ),
    rule(
      'handlers-get-their-adapters-injected',
      'Only index.ts composes.',
      { path: '^functions/[^/]+/(?!index\\.ts$)' },
      { path: '^shared/adapters/' },
    ),
    rule(
      'only-roots-compose',
      'What puts adapters and services together is for composition roots alone.',
      { path: '^(shared/(?!composition/)|functions/[^/]+/(?!index\\.ts$)|infra/)' },
      { path: '^shared/composition/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'] },
  },
};
