/** The `@connections` of API Gateway's WebSocket APIs over the signed client. */
import { AppError } from '../../errors/app-error.ts';
import type { ClientSockets } from '../../ports/client-sockets.ts';
import { AwsClient, type AwsClientOptions } from '../aws/aws-client.ts';
import { AwsError } from '../aws/aws-error.ts';
import { escapeSegment } from '../aws/sigv4.ts';

export interface ApiGatewaySocketsOptions
  extends Omit<AwsClientOptions, 'service' | 'endpoint' | 'timeoutMs' | 'attempts'> {
  /** Scheme, host and the stage's path. */
  url: string;
  /** Milliseconds to wait for one try; longer than the local gateway waits for a slow client. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const ATTEMPTS = 3;
const GONE = 410;

export class ApiGatewaySockets implements ClientSockets {
  readonly #client: AwsClient;
  readonly #path: string;

  constructor({ url, ...options }: ApiGatewaySocketsOptions) {
    const { origin, pathname } = new URL(url);
    this.#path = `${pathname.replace(/\/$/, '')}/@connections/`;
    this.#client = new AwsClient({
      timeoutMs: TIMEOUT_MS,
      ...options,
      endpoint: origin,
      service: 'execute-api',
      attempts: ATTEMPTS,
    });
  }

  async post(connectionId: string, text: string): Promise<'sent' | 'gone'> {
    return (await this.#call('POST', connectionId, text)) ? 'sent' : 'gone';
  }

  isOpen(connectionId: string): Promise<boolean> {
    return this.#call('GET', connectionId);
  }

  async close(connectionId: string): Promise<void> {
    await this.#call('DELETE', connectionId);
  }

  /** Ends the connections to the service. */
  end(): Promise<void> {
    return this.#client.close();
  }

  /** False where the connection is gone. */
  async #call(method: 'GET' | 'POST' | 'DELETE', connectionId: string, body = ''): Promise<boolean> {
    const path = this.#path + escapeSegment(connectionId);
    try {
      await this.#client.send({ method, path, headers: {}, body });
      return true;
    } catch (cause) {
      if (cause instanceof AwsError && cause.status === GONE) return false;
      throw new AppError('unavailable', 'The connection cannot be reached at the moment.', { cause });
    }
  }
}
