/**
 * A request under an idempotency key is answered once, and its reply given again for a day. Fails closed: where the store
 * cannot say whether it was answered before, it is not answered now. A crash between an answer and its keeping frees the key
 * when the lease is over, and the request is then answered anew.
 */
import { AppError } from '../../errors/app-error.ts';
import type { ReplyStore } from '../../ports/reply-store.ts';
import type { Sealer } from '../sealer.ts';
import { canonicalJson } from './canonical-json.ts';

/** Whose request it is, and what it asks. */
export interface KeyedRequest {
  tenantId: string;
  /** The key holds within its route. */
  route: string;
  idempotencyKey: string;
  /** What the request asks, without the order of its fields. */
  content: unknown;
  /** Of this attempt alone. */
  id: string;
}

/** As it is given again. */
export interface KeptReply {
  request_id: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The right to answer. One of the two is to be called. */
export interface Ticket {
  /** Undefined where the reply is too large to be kept. */
  keep(reply: KeptReply | undefined): Promise<void>;
  free(): Promise<void>;
}

export interface OnceDeps {
  store: ReplyStore;
  sealer: Sealer;
  /** Longer than an answer may take, so that only a lost process leaves a claim to expire. */
  leaseMs: number;
  /** Bytes. */
  largestReply: number;
}

const KEPT_MS = 86_400_000;
const RETRY_MS = 1_000;
const PATH = '/headers/idempotency-key';

const conflict = (detail: string, message: string, retryAfterMs?: number): AppError =>
  new AppError('conflict', detail, {
    errors: [{ path: PATH, message }],
    ...(retryAfterMs === undefined ? {} : { retryAfterMs, retryable: true }),
  });

export class Once {
  readonly #deps: OnceDeps;

  constructor(deps: OnceDeps) {
    this.#deps = deps;
  }

  /** Bytes of body that may be kept. */
  get largestReply(): number {
    return this.#deps.largestReply;
  }

  /** A kept reply, or the right to answer. Throws `conflict` where another request has the key, or the first still runs. */
  async claim(request: KeyedRequest): Promise<KeptReply | Ticket> {
    const { store, sealer, leaseMs } = this.#deps;
    const { tenantId, route, idempotencyKey, content, id: owner } = request;
    const [key, fingerprint] = await Promise.all([
      sealer.hash(['once', tenantId, route, idempotencyKey].join('\0')),
      sealer.hash(canonicalJson(content)),
    ]);
    const place = `once:${key}`;
    const result = await store.claim({ key, fingerprint, owner, leaseMs, keptMs: KEPT_MS });
    switch (result.state) {
      case 'claimed':
        return {
          keep: async (reply) =>
            store.keep(key, owner, reply === undefined ? undefined : await sealer.seal(place, reply)),
          free: () => store.free(key, owner),
        };
      case 'answered':
        return sealer.open<KeptReply>(place, result.sealed);
      case 'busy':
        throw conflict(
          'The first request with this Idempotency-Key is still running.',
          'its first request is still running',
          RETRY_MS,
        );
      case 'other':
        throw conflict(
          'This Idempotency-Key was used for another request.',
          'was used with another body within the last 24 hours',
        );
      case 'lost':
        throw conflict(
          'The request with this Idempotency-Key was answered; its reply was too large to be kept.',
          'was answered, and the reply cannot be given again',
        );
    }
  }
}

export const isTicket = (claimed: KeptReply | Ticket): claimed is Ticket => 'keep' in claimed;
