/** The one place where an error becomes a reply. Foreign errors are logged by name and answered as a bare 500. */
import type { MiddlewareObj } from '@middy/core';
import { errorFormOf } from '../config/routes.ts';
import { asAppError } from '../errors/app-error.ts';
import { errorReply } from '../errors/error-reply.ts';
import { problemHeaders } from '../errors/problem.ts';
import type { RequestLog } from '../observability/request-log.ts';
import { type Denials, denialOf } from '../services/audit/denial-trail.ts';
import type { QuotaNotices } from '../services/quota-notices.ts';
import type { HttpResponse } from './http-response.ts';
import type { GatewayEvent } from './scope.ts';

export interface ProblemDeps {
  log: RequestLog;
  /** Where refusals are written down. */
  denials?: Denials;
  /** Told of whoever runs into a limit. */
  limits?: Pick<QuotaNotices, 'note'> | undefined;
  /** Field names are the caller's words too. */
  redact: (text: string) => string;
}

export const problem = ({
  log,
  redact,
  denials,
  limits,
}: ProblemDeps): MiddlewareObj<GatewayEvent, HttpResponse> => ({
  onError: async (request) => {
    const { scope, resource } = request.event;
    const error = asAppError(request.error);
    if (error.status >= 500) log.failed(scope, error);
    scope.facts.error_code = error.code;
    const denial = denials === undefined ? undefined : denialOf(error, scope);
    if (denial !== undefined) await denials?.note(denial).catch(() => undefined);
    await limits?.note(error, scope.principal?.tenant_id, scope.requestId);
    const fields = error.errors?.map(({ path, message }) => ({
      path: redact(path),
      message: redact(message),
    }));
    const told = fields === undefined ? error : error.withErrors(fields);
    const { status, contentType, body } = errorReply(told, scope.requestId, errorFormOf(resource));
    request.response = {
      statusCode: status,
      headers: { 'content-type': contentType, ...problemHeaders(error) },
      body,
    };
  },
});
