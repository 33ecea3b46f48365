/** Prepare and admit, in that order, between parsing and the handler. What they find waits with the event, in a CallState. */
import type { MiddlewareObj } from '@middy/core';
import type { HttpResponse } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, principalOf } from '../../shared/middleware/scope.ts';
import type { Verdict } from '../../shared/model/quota.ts';
import type { CallService, PreparedCall } from '../../shared/services/answer/call-service.ts';
import type { DrainGate } from '../../shared/services/drain/drain-gate.ts';
import { READERS } from './read-request.ts';

export interface CallState extends PreparedCall {
  /** Under way while the model is chosen; absent for plans, which are not charged. */
  admission?: Promise<Verdict>;
}

/** No WeakMap holds it: V8 takes what one holds for alive when it collects the young. */
export type CallEvent = GatewayEvent & { call?: CallState };

export interface OwnDeps {
  calls: CallService;
  gate: DrainGate;
}

export const ownMiddleware = ({ calls, gate }: OwnDeps): MiddlewareObj<GatewayEvent, HttpResponse>[] => [
  {
    before: async ({ event }: { event: CallEvent }) => {
      const read = READERS[event.resource];
      if (read === undefined) return;
      if (event.resource !== '/v1/plan') await gate.assertOpen();
      const { body, facts } = event.scope;
      const call = { ...read(event), streams: (body as { stream?: unknown }).stream === true };
      event.call = await calls.prepare(call, principalOf(event).tenant_id, facts);
    },
  },
  {
    before: ({ event }: { event: CallEvent }) => {
      const state = event.call;
      if (state === undefined || event.scope.route?.resource === '/v1/plan') return;
      state.admission = calls.admit(state, event.scope.id, principalOf(event), event.scope.span);
    },
  },
];
