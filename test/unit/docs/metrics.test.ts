/** The page of metrics and the dashboard tell of what is measured, all of it and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { EmfMetrics } from '../../../local/metrics/emf-metrics.ts';
import { metricsPage } from '../../../local/metrics/metrics-page.ts';
import { powertoolsRequestLog, type RequestLog } from '../../../shared/observability/request-log.ts';

type Scope = Parameters<RequestLog['ended']>[0];

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const MEASURED_ELSEWHERE = ['ActiveConnections', 'OpenBreakers', 'CanaryFailed', 'CanaryLatency'];
const ELSEWHERE = ['ws-gate', 'probe-adapters', 'canary'].map((name) => `functions/${name}/index.ts`);

/** Requests that together have every fact there is. */
const ENDED: [facts: Scope['facts'], status: number][] = [
  [{ selector: 'rust', selector_ms: 1, tokens: 9, cost_usd: 0.5, cache: 'hit' }, 200],
  ...['failed', 'breaker_open', 'rollout', 'switched_off'].map((fallback): [Scope['facts'], number] => [
    { selector: 'typescript', selector_ms: 2, fallback },
    200,
  ]),
  [{ features_fallback: 'busy', findings: 1, pii: { PERSON: 1 }, pii_mode: 'redact' }, 200],
  [{ pii_partial: true, pii_fallback: true, pii_shadow: { added: 1 } }, 503],
  [{ firewall: { rules: ['injection'], blocked: true } }, 422],
  [{ firewall: { rules: ['injection'], blocked: false }, dead_lettered: true, replayed: true }, 429],
  [{ quality_score: 0.5, checks: { dynamodb: { status: 'unhealthy', latency_ms: 3 } } }, 200],
];

const lines: string[] = [];
let page = '';
let names: string[] = [];

beforeAll(async () => {
  const printed = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const logger = new Logger({ serviceName: 'completions', logLevel: 'SILENT' });
  const metrics = new Metrics({ namespace: 'AtpRouter', serviceName: 'completions' });
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    lines.push(JSON.stringify(metrics.serializeMetrics()));
    metrics.clearMetrics();
    return metrics;
  });
  const log = powertoolsRequestLog(logger, metrics);
  for (const [index, [facts, status]] of ENDED.entries())
    log.ended({ requestId: `r${index}`, facts }, status, 5);
  printed.mockRestore();
  const emf = new EmfMetrics();
  for (const line of lines) emf.take(line);
  page = await metricsPage([await emf.report()]);
  names = [
    ...new Set(
      lines.flatMap((line) => {
        const { _aws } = JSON.parse(line) as {
          _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
        };
        return _aws.CloudWatchMetrics.flatMap(({ Metrics: all }) => all.map(({ Name }) => Name));
      }),
    ),
  ];
});

describe('docs/operations/metrics.md', () => {
  const documented = [...read('docs/operations/metrics.md').matchAll(/^\| (`.*?`) \|/gm)].flatMap(
    ([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  const patternOf = (name: string): RegExp => new RegExp(`^${name.replace(/<\w+>/, '[A-Z][A-Za-z]*')}$`);

  it('has every metric', () => {
    expect(names.filter((name) => !documented.some((one) => patternOf(one).test(name)))).toEqual([]);
  });

  it('has no other', () => {
    const measured = [...names, ...MEASURED_ELSEWHERE];

    expect(documented.filter((one) => !measured.some((name) => patternOf(one).test(name)))).toEqual([]);
  });

  it.each(MEASURED_ELSEWHERE)('%s is measured by a function of its own', (name) => {
    const sources = ELSEWHERE.map(read).join();

    expect(sources).toMatch(new RegExp(`(?:gauge|addMetric)\\('${name}'`));
  });
});

describe('docs/operations/grafana-dashboard.json', () => {
  const { panels } = JSON.parse(read('docs/operations/grafana-dashboard.json')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const gauges = [...read('local/gateway/worker.ts').matchAll(/metrics\.gauge\('(\w+)'/g)].map(
    ([, name = '']) => name,
  );

  it.each(panels.map(({ title, targets }) => [title, targets] as const))(
    '%s asks for what GET /metrics has',
    (_title, targets) => {
      const asked = targets.flatMap(({ expr }) => expr.match(/\b(?:atp|process)_\w+/g) ?? []);

      expect(asked.length).toBeGreaterThan(0);
      for (const name of asked)
        expect(gauges.includes(name) || page.includes(`\n${name}{`) || page.startsWith(`${name}{`)).toBe(
          true,
        );
    },
  );
});
