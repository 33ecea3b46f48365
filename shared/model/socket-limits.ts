/** API Gateway's limits on WebSockets, which the local runtime keeps too, and our own. Milliseconds and bytes. */

/** A connection lives no longer. */
export const LONGEST_MS = 2 * 3_600_000;
/** Nor for so long without a message from its client. */
export const IDLE_MS = 600_000;
/** So long before, its end is announced. */
export const ANNOUNCED_MS = 90_000;
/** How long the frames of an answer wait for a client that comes back. */
export const KEPT_MS = 300_000;

/** A client's message; a longer one closes the connection with 1009. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
/** A chunk. */
export const MAX_CHUNK_BYTES = 32 * 1024;
/** A response; without its text where that would not fit. */
export const MAX_RESPONSE_BYTES = 128 * 1024;
