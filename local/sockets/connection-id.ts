/** A connection's id says which gateway process holds it: its own port follows the random part. */
import { randomBytes } from 'node:crypto';

const SHAPE = /^[A-Za-z0-9_-]{22}\.([1-9]\d{0,4})$/;
const RANDOM_BYTES = 16;

export const newConnectionId = (port: number): string =>
  `${randomBytes(RANDOM_BYTES).toString('base64url')}.${port}`;

/** Undefined where it is no id of ours. */
export const portOf = (connectionId: string): number | undefined => {
  const port = SHAPE.exec(connectionId)?.[1];
  return port === undefined ? undefined : Number(port);
};
