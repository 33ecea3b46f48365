/** The two ends of a connection's life, and the sweep between them. */
import type { Context } from 'aws-lambda';
import type { HttpResponse } from '../../shared/middleware/http-response.ts';
import type { ConnectionStore } from '../../shared/ports/connection-store.ts';
import type { Swept } from './sweep.ts';

export interface GateEvent {
  /** Of the schedule; API Gateway's events have none. */
  source?: 'sweep';
  requestContext?: { routeKey?: string; connectionId?: string };
}

export interface GateDeps {
  connect: (event: never, context: Context) => Promise<HttpResponse>;
  connections: ConnectionStore;
  sweep: () => Promise<Swept>;
  swept: (result: Swept) => void;
  disconnected: () => void;
}

export const makeHandler =
  (deps: GateDeps) =>
  async (event: GateEvent, context: Context): Promise<HttpResponse> => {
    if (event.source === 'sweep') deps.swept(await deps.sweep());
    else if (event.requestContext?.routeKey === '$connect') return deps.connect(event as never, context);
    else {
      await deps.connections.close(event.requestContext?.connectionId ?? '');
      deps.disconnected();
    }
    return { statusCode: 200, headers: {}, body: '' };
  };
