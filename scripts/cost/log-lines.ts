/** What one answered ask writes to its function's log, by the gateway's own code: a line for people, and one with metrics. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { powertoolsRequestLog } from '../../shared/observability/request-log.ts';

const collecting = (lines: string[]): Console =>
  new Proxy(console, {
    get: () => (line: string) => {
      lines.push(line);
    },
  });

export const requestLogLines = (): { log: string; metrics: string } => {
  const lines: string[] = [];
  const logger = new Logger({ serviceName: 'completions', logLevel: 'INFO' });
  const metrics = new Metrics({ serviceName: 'completions', namespace: 'AtpRouter' });
  // Powertools writes to consoles of its own.
  for (const one of [logger, metrics]) Object.assign(one, { console: collecting(lines) });
  const requests = powertoolsRequestLog(logger, metrics, { now: () => 0 });
  const requestId = '019b8e2a-7c00-7d3e-9a41-5b6c7d8e9f00';
  requests.began(requestId);
  requests.ended(
    {
      requestId,
      route: { method: 'POST', resource: '/v1/ask' },
      principal: { key_id: 'k_0123456789abcdef', tenant_id: 'acme-research-0001' },
      facts: {
        selector: 'rust',
        selector_ms: 8.25,
        tokens: 1_234,
        cost_usd: 0.0012345,
        findings: 0,
        pii_mode: 'observe',
      },
    },
    200,
    2_031.5,
  );
  const [log = '', emf = ''] = lines;
  return { log, metrics: emf };
};
