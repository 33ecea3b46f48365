/** Where the gateway can be called from this machine. */
export const addresses = (host: string, port: number): { url: string; ws_url: string } => {
  const named = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${named}:${port}`, ws_url: `ws://${named}:${port}/ws` };
};
