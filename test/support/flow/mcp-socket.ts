/** The official MCP client over a WebSocket. Its transport makes the socket itself, so that one tells who calls. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import { WebSocket } from 'ws';
import { bearer } from './client.ts';

/** `confirms`: whether the server names the subprotocol in its reply, which the emulator does not; a client would hang up then. */
export const connectMcpSocket = async (url: string, key: string, confirms = true): Promise<Client> => {
  class KeyedSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      const offer = confirms ? {} : { 'sec-websocket-protocol': protocol };
      super(address, confirms ? [protocol] : [], { headers: { ...bearer(key), ...offer } });
    }
  }
  const own = globalThis.WebSocket;
  Object.assign(globalThis, { WebSocket: KeyedSocket });
  try {
    const client = new Client({ name: 'flow', version: '1.0.0' });
    await client.connect(new WebSocketClientTransport(new URL(url)));
    return client;
  } finally {
    Object.assign(globalThis, { WebSocket: own });
  }
};
