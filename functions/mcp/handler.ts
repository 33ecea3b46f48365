/**
 * `POST /mcp`: the Model Context Protocol over Streamable HTTP, stateless: each POST has a server of its own, and a stream
 * from us to the client exists only as the reply to one. The key is checked before a message is read, as everywhere.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { type GatewayEvent, headerOf } from '../../shared/middleware/scope.ts';
import type { RestApi } from '../../shared/ports/rest-api.ts';
import { callTool } from '../../shared/services/mcp/call-tool.ts';
import { mcpServer } from '../../shared/services/mcp/server.ts';

export interface McpDeps {
  /** The REST API as this request can reach it. */
  apiFor(event: GatewayEvent): RestApi;
  version: string;
}

const FORWARDED = ['authorization', 'x-api-key', 'x-tenant-id', 'idempotency-key'] as const;

const pick = (event: GatewayEvent, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = headerOf(event, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const makeHandlers = (deps: McpDeps): Record<string, RouteHandler> => ({
  'POST /mcp': async (event) => {
    const caller = {
      api: deps.apiFor(event),
      headers: pick(event, FORWARDED),
      requestId: event.scope.requestId,
    };
    const server = mcpServer(deps.version, (call) => callTool(caller, call));
    const transport = new WebStandardStreamableHTTPServerTransport();
    await server.connect(transport);
    const request = new Request('http://mcp.invalid/mcp', {
      method: 'POST',
      headers: pick(event, ['accept', 'content-type', 'mcp-protocol-version', 'last-event-id']),
    });
    const response = await transport.handleRequest(request, { parsedBody: event.scope.body });
    return {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body: bodyOf(response, server),
    };
  },
});

/** When the reply has ended, or its reader has left, the server goes, and with it what still works for it. */
const bodyOf = ({ body }: Response, server: Server): string | Readable => {
  const close = (): void => void server.close();
  if (body === null) {
    close();
    return '';
  }
  return Readable.fromWeb(body as ReadableStream).once('close', close);
};
