/**
 * `POST /mcp`: the Model Context Protocol over Streamable HTTP, stateless: each POST has a server of its own, and a stream
 * from us to the client exists only as the reply to one. The key is checked before a message is read, as everywhere.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { type GatewayEvent, headerOf } from '../../shared/middleware/scope.ts';
import type { RestApi } from '../../shared/ports/rest-api.ts';
import { callTool } from './call-tool.ts';
import { TOOLS } from './tools.ts';

export interface McpDeps {
  /** The REST API as this request can reach it. */
  apiFor(event: GatewayEvent): RestApi;
  version: string;
}

const FORWARDED = ['authorization', 'x-api-key', 'x-tenant-id', 'idempotency-key'] as const;
const INSTRUCTIONS =
  'ask answers a prompt with the model that is worth it; observe its request_id with a score, and later choices get better.';

const pick = (event: GatewayEvent, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = headerOf(event, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const listed = TOOLS.map(({ route: _, ...tool }) => tool);

export const makeHandlers = (deps: McpDeps): Record<string, RouteHandler> => ({
  'POST /mcp': async (event) => {
    const server = new Server(
      { name: 'atp-router', title: 'ATP Router', version: deps.version },
      { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
    );
    const caller = {
      api: deps.apiFor(event),
      headers: pick(event, FORWARDED),
      requestId: event.scope.requestId,
    };
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, sendNotification }) => {
      const progressToken = params._meta?.progressToken;
      return callTool(caller, {
        name: params.name,
        arguments: params.arguments ?? {},
        ...(progressToken === undefined ? {} : { progressToken }),
        signal,
        notify: sendNotification,
      });
    });
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
