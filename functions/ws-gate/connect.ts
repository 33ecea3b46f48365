/** `$connect`: who holds a key may open a connection; the key itself is not kept. */

import { actingFor, presentedKey } from '../../shared/middleware/authenticate.ts';
import type { HttpResponse } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, headerOf } from '../../shared/middleware/scope.ts';
import { KEY_PROTOCOL, MCP_PROTOCOL, SUBPROTOCOL } from '../../shared/model/socket-message.ts';
import type { Role } from '../../shared/model/tenant.ts';
import type { ConnectionStore } from '../../shared/ports/connection-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { Authenticator } from '../../shared/services/authenticate.ts';
import type { DrainGate } from '../../shared/services/drain/drain-gate.ts';

export interface ConnectDeps {
  authenticator: Authenticator;
  /** Who may ask. */
  access: readonly Role[];
  connections: ConnectionStore;
  gate: DrainGate;
  clock: Clock;
  holdsPersonalData: (text: string) => boolean;
}

const offeredBy = (event: GatewayEvent): string[] =>
  (headerOf(event, 'sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());

const keyAmong = (offered: readonly string[]): string | undefined =>
  offered.find((name) => name.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);

export const makeConnect =
  (deps: ConnectDeps) =>
  async (event: GatewayEvent): Promise<HttpResponse> => {
    const offered = offeredBy(event);
    const key = presentedKey(event) ?? keyAmong(offered);
    const [home] = await Promise.all([deps.authenticator.authenticate(key), deps.gate.assertOpen()]);
    event.scope.principal = home;
    const named = headerOf(event, 'x-tenant-id');
    const protocol = offered.find((name) => name === SUBPROTOCOL || name === MCP_PROTOCOL);
    const needed = { access: deps.access, scope: protocol === MCP_PROTOCOL ? 'mcp' : 'ask' };
    const principal = actingFor(home, needed, named, deps.holdsPersonalData);
    event.scope.principal = principal;
    const now = deps.clock.now();
    const id = event.requestContext.connectionId ?? '';
    const spoken = protocol === MCP_PROTOCOL ? { protocol } : {};
    await deps.connections.open({ id, principal, ...spoken, connected_at: now, seen_at: now });
    // The key's own entry must not come back.
    const headers = protocol === undefined ? {} : { 'sec-websocket-protocol': protocol };
    return { statusCode: 200, headers: { ...headers }, body: '' };
  };
