/** A web page that made its own name point at this host (DNS rebinding) still sends its Origin. Anything but a browser sends none. */
import type { MiddlewareObj } from '@middy/core';
import { AppError } from '../../shared/errors/app-error.ts';
import type { HttpResponse } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, headerOf } from '../../shared/middleware/scope.ts';

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;

export const sameOrigin = (): MiddlewareObj<GatewayEvent, HttpResponse> => ({
  before: ({ event }) => {
    const origin = headerOf(event, 'origin');
    if (origin === undefined || hostOf(origin) === headerOf(event, 'host')?.toLowerCase()) return;
    throw new AppError('forbidden', 'This origin may not call here.');
  },
});
