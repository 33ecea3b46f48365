/** OTLP over HTTP, as JSON: to a collector, or signed to X-Ray's own endpoint (which needs CloudWatch's Transaction Search). */
import { Pool } from 'undici';
import { AwsClient, type AwsClientOptions } from '../aws/aws-client.ts';
import { collect } from '../http/collect.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const TIMEOUT_MS = 1_000;
const MAX_REPLY_BYTES = 64 * 1_024;

/** `a=b,c=d`, percent-encoded, as OTEL_EXPORTER_OTLP_HEADERS has them. */
export const readHeaders = (text: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (text ?? '')
      .split(',')
      .map((pair) => pair.split('='))
      .filter(([name = '', ...value]) => name.trim() !== '' && value.length > 0)
      .map(([name = '', ...value]) => [
        name.trim().toLowerCase(),
        decodeURIComponent(value.join('=').trim()),
      ]),
  );

/** `endpoint` without `/v1/traces`. */
export const otlpHttp = (
  endpoint: string,
  headers: Readonly<Record<string, string>>,
): ((body: string) => Promise<void>) => {
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/v1/traces`);
  const pool = new Pool(url.origin, { connections: 4, connect: { timeout: TIMEOUT_MS } });
  return async (body) => {
    const { status } = await collect(pool, {
      path: url.pathname + url.search,
      headers: { ...headers, ...JSON_BODY },
      body,
      maxBytes: MAX_REPLY_BYTES,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    }).reply;
    if (status >= 300) throw new Error(`the collector answered ${status}`);
  };
};

export const xray = (
  options: Pick<AwsClientOptions, 'region' | 'credentials' | 'clock' | 'random'> & { endpoint?: string },
): ((body: string) => Promise<void>) => {
  const endpoint = options.endpoint ?? `https://xray.${options.region}.amazonaws.com`;
  const client = new AwsClient({
    ...{ ...options, endpoint, service: 'xray', timeoutMs: TIMEOUT_MS, attempts: 1 },
  });
  return async (body) => {
    await client.send({ path: '/v1/traces', headers: JSON_BODY, body });
  };
};
