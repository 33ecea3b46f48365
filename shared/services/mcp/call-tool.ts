/** One tool call as one call of the REST API. While an answer streams, each piece of it is a progress notification. */
import {
  type CallToolResult,
  ErrorCode,
  McpError,
  type ProgressNotification,
  type ProgressToken,
} from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../errors/app-error.ts';
import { toProblem } from '../../errors/problem.ts';
import type { RestApi, RestCall, RestReply } from '../../ports/rest-api.ts';
import { TOOLS } from './tools.ts';

export interface ToolCall {
  name: string;
  arguments: Readonly<Record<string, unknown>>;
  /** Set where the client wants to hear of progress. */
  progressToken?: ProgressToken;
  signal: AbortSignal;
  notify(notification: ProgressNotification): Promise<void>;
}

export interface ToolCaller {
  api: RestApi;
  /** The caller's credential and tenant, as they came; none where the API knows its caller. */
  headers: Readonly<Record<string, string>>;
  requestId: string;
}

/** Throws McpError for a tool that does not exist. What the API refuses is a result with `isError`, for the model to read. */
export const callTool = async (caller: ToolCaller, call: ToolCall): Promise<CallToolResult> => {
  const tool = TOOLS.find(({ name }) => name === call.name);
  if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, 'There is no tool of this name.');
  const { method, path, streams } = tool.route;
  const rest: RestCall = {
    method,
    path,
    headers: caller.headers,
    signal: call.signal,
    ...(method === 'GET' ? {} : { body: call.arguments }),
  };
  try {
    const hasArguments = Object.keys(call.arguments).length > 0;
    if (method === 'GET' && hasArguments) return refused({ detail: 'This tool takes no arguments.' });
    const { progressToken } = call;
    return streams && progressToken !== undefined
      ? await streamed(caller.api, rest, progressToken, call)
      : resultOf(await caller.api.call(rest));
  } catch (error) {
    call.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return refused(toProblem(error, caller.requestId));
  }
};

const streamed = async (
  api: RestApi,
  rest: RestCall,
  progressToken: ProgressToken,
  { arguments: given, notify }: ToolCall,
): Promise<CallToolResult> => {
  let progress = 0;
  for await (const { event, data } of api.stream({ ...rest, body: { ...given, stream: true } })) {
    if (event === 'reply') return resultOf(data as RestReply);
    if (event === 'response') return resultOf({ status: 200, body: data });
    if (event === 'error') return refused(data);
    progress += 1;
    const { text } = data as { text: string };
    await notify({ method: 'notifications/progress', params: { progressToken, progress, message: text } });
  }
  throw new AppError('upstream_error', 'The answer broke off.');
};

const resultOf = ({ status, body }: RestReply): CallToolResult => {
  if (status >= 300 || typeof body !== 'object' || body === null) return refused(body);
  const structured = body as Record<string, unknown>;
  const { text } = structured;
  return {
    content: [{ type: 'text', text: typeof text === 'string' ? text : JSON.stringify(structured) }],
    structuredContent: structured,
  };
};

const refused = (problem: unknown): CallToolResult => ({
  isError: true,
  content: [{ type: 'text', text: JSON.stringify(problem ?? { detail: 'The API does not answer.' }) }],
});
