/** What API Gateway answers by itself, in the shape of every other error here. Nothing that was sent is quoted. */

import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../shared/config/security-headers.ts';

interface OwnAnswer {
  type: ResponseType;
  status: number;
  title: string;
  code: string;
}

const answer = (type: ResponseType, status: number, code: string, title: string): OwnAnswer => ({
  type,
  status,
  title,
  code,
});

export const OWN_ANSWERS: readonly OwnAnswer[] = [
  answer(ResponseType.DEFAULT_4XX, 400, 'invalid_request', 'Invalid request'),
  answer(ResponseType.WAF_FILTERED, 403, 'forbidden', 'Forbidden'),
  answer(ResponseType.REQUEST_TOO_LARGE, 413, 'payload_too_large', 'Payload too large'),
  answer(ResponseType.UNSUPPORTED_MEDIA_TYPE, 415, 'unsupported_media_type', 'Unsupported media type'),
  answer(ResponseType.THROTTLED, 429, 'rate_limited', 'Rate limited'),
  answer(ResponseType.DEFAULT_5XX, 503, 'unavailable', 'Unavailable'),
  answer(ResponseType.INTEGRATION_TIMEOUT, 504, 'upstream_timeout', 'Upstream timeout'),
];

const RETRY_LATER = new Set([429, 503]);

/** A literal in a mapping stands in single quotes; only the outer ones are taken off. */
const quoted = (value: string): string => `'${value}'`;

const problem = ({ status, title, code }: OwnAnswer): string =>
  JSON.stringify({
    type: `urn:atp-router:problem:${code}`,
    title,
    status,
    detail: 'The request ended before it reached the router.',
    code,
    request_id: '$context.requestId',
  });

export const addOwnAnswers = (api: RestApi): void => {
  for (const own of OWN_ANSWERS) {
    api.addGatewayResponse(own.type.responseType, {
      type: own.type,
      statusCode: String(own.status),
      // The template's name only matches what the caller accepts; the header says what it is.
      templates: { 'application/json': problem(own) },
      responseHeaders: {
        'content-type': "'application/problem+json'",
        'x-request-id': 'context.requestId',
        ...Object.fromEntries(
          Object.entries({ ...SECURITY_HEADERS, ...HTTPS_ONLY }).map(([name, value]) => [
            name,
            quoted(value),
          ]),
        ),
        ...(RETRY_LATER.has(own.status) ? { 'retry-after': "'1'" } : {}),
      },
    });
  }
};
