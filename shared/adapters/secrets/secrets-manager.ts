/**
 * AWS Secrets Manager behind the port, with bounded copies in memory: a copy serves for a minute and is refreshed before
 * that ends. While the service is away the last good copy goes on serving (it fails open: a gateway that forgot its
 * providers' keys would be down). Writing or deleting here forgets the copy.
 */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { SecretStore } from '../../ports/secret-store.ts';

interface Copy {
  value: string;
  /** Clock.monotonic(). */
  readAt: number;
  /** Not to be tried again before, as it just failed. */
  retryAt: number;
}

const REFRESH_MS = 45_000;
const TTL_MS = 60_000;
const RETRY_MS = 5_000;
/** Whoever asks for what is newer than a copy of this age gets the copy: nobody can make us ask without end. */
const REFRESHED_MS = 1_000;
const TIMEOUT_MS = 3_000;
const MAX_COPIES = 1_000;

const timeLimit = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });

export class SecretsManagerStore implements SecretStore {
  readonly #client: SecretsManagerClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #copies = new Map<string, Copy>();
  readonly #reading = new Map<string, Promise<string | undefined>>();
  #writes = 0;

  constructor(client: SecretsManagerClient, prefix: string, clock: Clock) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async get(name: string): Promise<string | undefined> {
    const copy = this.#copies.get(name);
    if (copy === undefined) return this.#read(name);
    const now = this.#clock.monotonic();
    const age = now - copy.readAt;
    if (age < REFRESH_MS || now < copy.retryAt) return copy.value;
    const refreshed = this.#read(name).catch(() => {
      copy.retryAt = this.#clock.monotonic() + RETRY_MS;
      return copy.value;
    });
    return age < TTL_MS ? copy.value : refreshed;
  }

  async refresh(name: string): Promise<string | undefined> {
    const copy = this.#copies.get(name);
    if (copy === undefined) return this.#read(name);
    const now = this.#clock.monotonic();
    if (now - copy.readAt < REFRESHED_MS || now < copy.retryAt) return copy.value;
    return this.#read(name).catch(() => {
      copy.retryAt = this.#clock.monotonic() + RETRY_MS;
      return copy.value;
    });
  }

  async put(name: string, value: string): Promise<void> {
    const SecretId = this.#secretId(name);
    await this.#writing(name, async () => {
      try {
        await this.#client.send(new PutSecretValueCommand({ SecretId, SecretString: value }), timeLimit());
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        await this.#create(SecretId, value);
      }
    });
  }

  async delete(name: string): Promise<void> {
    await this.#writing(name, async () => {
      try {
        const input = { SecretId: this.#secretId(name), ForceDeleteWithoutRecovery: true };
        await this.#client.send(new DeleteSecretCommand(input), timeLimit());
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    });
  }

  /** A write that failed may have happened; a read that began before it may still answer with the former value. */
  async #writing(name: string, write: () => Promise<void>): Promise<void> {
    try {
      await this.#answering(write);
    } finally {
      this.#writes += 1;
      this.#copies.delete(name);
      this.#reading.delete(name);
    }
  }

  #secretId(name: string): string {
    return `${this.#prefix}/${name}`;
  }

  async #create(name: string, value: string): Promise<void> {
    try {
      await this.#client.send(new CreateSecretCommand({ Name: name, SecretString: value }), timeLimit());
    } catch (error) {
      // Somebody made it in between.
      if (!(error instanceof ResourceExistsException)) throw error;
      await this.#client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: value }),
        timeLimit(),
      );
    }
  }

  #read(name: string): Promise<string | undefined> {
    const underway = this.#reading.get(name);
    if (underway !== undefined) return underway;
    const reading: Promise<string | undefined> = this.#fetch(name).finally(() => {
      if (this.#reading.get(name) === reading) this.#reading.delete(name);
    });
    this.#reading.set(name, reading);
    return reading;
  }

  async #fetch(name: string): Promise<string | undefined> {
    const writes = this.#writes;
    const value = await this.#answering(() => this.#current(name));
    if (writes !== this.#writes) return value;
    if (value === undefined) this.#copies.delete(name);
    else this.#remember(name, value);
    return value;
  }

  async #current(name: string): Promise<string | undefined> {
    try {
      const command = new GetSecretValueCommand({ SecretId: this.#secretId(name) });
      return (await this.#client.send(command, timeLimit())).SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  #remember(name: string, value: string): void {
    this.#copies.delete(name);
    this.#copies.set(name, { value, readAt: this.#clock.monotonic(), retryAt: 0 });
    if (this.#copies.size > MAX_COPIES) {
      const oldest = this.#copies.keys().next();
      if (oldest.done !== true) this.#copies.delete(oldest.value);
    }
  }

  async #answering<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (cause) {
      throw new AppError('unavailable', 'The secret store cannot answer at the moment.', { cause });
    }
  }
}
