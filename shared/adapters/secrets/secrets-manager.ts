/**
 * AWS Secrets Manager behind the port, with bounded copies in memory: a copy serves for a minute and is refreshed before
 * that ends. While the service is away the last good copy goes on serving (it fails open: a gateway that forgot its
 * providers' keys would be down). Writing or deleting here forgets the copy.
 */
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { type Copy, SecretCopies } from './secret-copies.ts';
import { isMissing, isThere, orNone, type SecretsClient } from './secrets-client.ts';

const REFRESH_MS = 45_000;
const TTL_MS = 60_000;
const RETRY_MS = 5_000;
/** Whoever asks for what is newer than a copy of this age gets the copy: nobody can make us ask without end. */
const REFRESHED_MS = 1_000;

export class SecretsManagerStore implements SecretStore {
  readonly #client: SecretsClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #copies: SecretCopies;
  readonly #reading = new Map<string, Promise<string | undefined>>();

  constructor(client: SecretsClient, prefix: string, clock: Clock) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#copies = new SecretCopies((name) => this.#current(name), clock, TTL_MS);
  }

  async get(name: string): Promise<string | undefined> {
    const copy = this.#copies.held(name);
    if (copy === undefined) return this.#read(name);
    if (this.#isYoung(copy, REFRESH_MS)) return copy.value;
    const refreshed = this.#readOrKeep(name, copy);
    return copy.isExpired() ? refreshed : copy.value;
  }

  async refresh(name: string): Promise<string | undefined> {
    const copy = this.#copies.held(name);
    if (copy === undefined) return this.#read(name);
    return this.#isYoung(copy, REFRESHED_MS) ? copy.value : this.#readOrKeep(name, copy);
  }

  async put(name: string, value: string): Promise<void> {
    const SecretId = this.#secretId(name);
    await this.#writing(name, async () => {
      try {
        await this.#client.call('PutSecretValue', { SecretId, SecretString: value });
      } catch (error) {
        if (!isMissing(error)) throw error;
        await this.#create(SecretId, value);
      }
    });
  }

  async delete(name: string): Promise<void> {
    await this.#writing(name, async () => {
      const input = { SecretId: this.#secretId(name), ForceDeleteWithoutRecovery: true } as const;
      await orNone(this.#client.call('DeleteSecret', input));
    });
  }

  /** Or not to be asked for again yet. */
  #isYoung(copy: Copy, limitMs: number): boolean {
    const now = this.#clock.monotonic();
    return now - copy.readAt < limitMs || now < copy.retryAt;
  }

  #readOrKeep(name: string, copy: Copy): Promise<string | undefined> {
    return this.#read(name).catch(() => {
      copy.retryAt = this.#clock.monotonic() + RETRY_MS;
      return copy.value;
    });
  }

  /** A write that failed may have happened; a read that began before it may still answer with the former value. */
  async #writing(name: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      throw unavailable(cause);
    } finally {
      this.#copies.written(name);
      this.#reading.delete(name);
    }
  }

  #secretId(name: string): string {
    return `${this.#prefix}/${name}`;
  }

  async #create(name: string, value: string): Promise<void> {
    try {
      await this.#client.call('CreateSecret', { Name: name, SecretString: value });
    } catch (error) {
      // Somebody made it in between.
      if (!isThere(error)) throw error;
      await this.#client.call('PutSecretValue', { SecretId: name, SecretString: value });
    }
  }

  /** One call for all who want the same secret meanwhile. */
  #read(name: string): Promise<string | undefined> {
    const underway = this.#reading.get(name);
    if (underway !== undefined) return underway;
    const reading = this.#copies
      .fetched(name)
      .catch((cause: unknown) => {
        throw unavailable(cause);
      })
      .finally(() => {
        if (this.#reading.get(name) === reading) this.#reading.delete(name);
      });
    this.#reading.set(name, reading);
    return reading;
  }

  async #current(name: string): Promise<string | undefined> {
    const found = await orNone(this.#client.call('GetSecretValue', { SecretId: this.#secretId(name) }));
    return found?.SecretString;
  }
}

const unavailable = (cause: unknown): AppError =>
  new AppError('unavailable', 'The secret store cannot answer at the moment.', { cause });
