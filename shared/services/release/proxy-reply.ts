/** A function's reply to API Gateway, as its payload shows it: in one piece, or streamed with its head before eight null bytes. */

export interface ProxyReply {
  status: number;
  body: unknown;
  /** As it came, where it is no JSON. */
  text: string;
}

const DELIMITER = '\0'.repeat(8);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Undefined where the payload is no reply. */
export const proxyReplyOf = (payload: string): ProxyReply | undefined => {
  const end = payload.indexOf(DELIMITER);
  const head = parsed(end < 0 ? payload : payload.slice(0, end));
  if (typeof head !== 'object' || head === null || !('statusCode' in head)) return undefined;
  const { statusCode } = head;
  if (typeof statusCode !== 'number') return undefined;
  const whole = 'body' in head && typeof head.body === 'string' ? head.body : '';
  const text = end < 0 ? whole : payload.slice(end + DELIMITER.length);
  return { status: statusCode, body: parsed(text), text };
};
