/**
 * Asks the gateway through its public address, as a caller does. Without a key of its own it asks what needs none. What it
 * finds is a metric, not an error: an error would be its own.
 */
import type { RestApi } from '../../shared/ports/rest-api.ts';
import type { Clock } from '../../shared/ports/runtime.ts';

export interface CanaryDeps {
  api: Pick<RestApi, 'call'>;
  /** Undefined where the stage gave it none. */
  key: () => Promise<string | undefined>;
  clock: Pick<Clock, 'monotonic'>;
  noted: (result: CanaryResult) => void;
}

export interface CanaryResult {
  ok: boolean;
  asked: 'ask' | 'readyz';
  latency_ms: number;
  /** 0 where no reply came. */
  status: number;
}

const TIMEOUT_MS = 20_000;
/** As cheap as an answer gets. */
const ASK = { prompt: 'Say: here.', quality: 'fast', max_tokens: 16, max_cost_usd: 0.01 };

const isAnswer = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'text' in body && typeof body.text === 'string';

export const makeHandler =
  ({ api, key, clock, noted }: CanaryDeps) =>
  async (): Promise<CanaryResult> => {
    const own = await key().catch(() => undefined);
    const startedAt = clock.monotonic();
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const asked = own === undefined ? 'readyz' : 'ask';
    const reply = await api
      .call(
        own === undefined
          ? { method: 'GET', path: '/readyz', headers: {}, signal }
          : {
              method: 'POST',
              path: '/v1/ask',
              headers: { authorization: `Bearer ${own}` },
              body: ASK,
              signal,
            },
      )
      .catch(() => ({ status: 0, body: undefined }));
    const ok = reply.status === 200 && (asked === 'readyz' || isAnswer(reply.body));
    const result = { ok, asked, status: reply.status, latency_ms: clock.monotonic() - startedAt } as const;
    noted(result);
    return result;
  };
