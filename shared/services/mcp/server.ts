/** The protocol's server for one message, or one POST: it keeps nothing, so each gets its own. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { ToolCall } from './call-tool.ts';
import { TOOLS } from './tools.ts';

const INSTRUCTIONS =
  'ask answers a prompt with the model that is worth it; observe its request_id with a score, and later choices get better.';

const listed = TOOLS.map(({ route: _, ...tool }) => tool);

export type CallTool = (call: ToolCall) => Promise<CallToolResult>;

/** `callTool` is undefined where no tool is called. */
export const mcpServer = (version: string, callTool?: CallTool): Server => {
  const server = new Server(
    { name: 'atp-router', title: 'ATP Router', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
  if (callTool === undefined) return server;
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, sendNotification }) => {
    const progressToken = params._meta?.progressToken;
    return callTool({
      name: params.name,
      arguments: params.arguments ?? {},
      ...(progressToken === undefined ? {} : { progressToken }),
      signal,
      notify: sendNotification,
    });
  });
  return server;
};
