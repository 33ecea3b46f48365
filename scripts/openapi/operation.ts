/** How a route is described. */
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { HeaderName } from './headers.ts';

export interface Operation {
  id: string;
  tag: 'Ask' | 'Vendors' | 'Models' | 'MCP' | 'Administration' | 'Health';
  request?: string;
  /** Name of the reply's schema; none where there is no body. */
  reply?: string;
  status: number;
  description: string;
  headers?: readonly HeaderName[];
  /** Besides those that every route of its kind may answer. */
  problems?: readonly ErrorCode[];
  streams?: boolean;
  /** Other replies that are no problems: with a body of this schema, or without one. */
  also?: Readonly<Record<number, { description: string; reply?: string }>>;
  /** Headers in which the caller asks something of the routing. */
  wishes?: boolean;
}
