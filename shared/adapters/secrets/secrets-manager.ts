/**
 * AWS Secrets Manager behind the port, with a bounded copy in memory: a value is read again after a minute, and the last
 * good one serves while the service is away. Writing or deleting here forgets the copy.
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
  readAt: number;
}

const FRESH_MS = 60_000;
const MAX_COPIES = 1_000;

export class SecretsManagerStore implements SecretStore {
  readonly #client: SecretsManagerClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #copies = new Map<string, Copy>();
  readonly #reading = new Map<string, Promise<string | undefined>>();

  constructor(client: SecretsManagerClient, prefix: string, clock: Clock) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async get(name: string): Promise<string | undefined> {
    const copy = this.#copies.get(name);
    if (copy === undefined) return this.#read(name);
    if (this.#clock.monotonic() - copy.readAt > FRESH_MS) {
      // Behind the caller's back; if it fails, the last good value goes on serving.
      this.#read(name).catch(() => undefined);
    }
    return copy.value;
  }

  async put(name: string, value: string): Promise<void> {
    const SecretId = this.#secretId(name);
    await this.#answering(async () => {
      try {
        await this.#client.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        await this.#create(SecretId, value);
      }
    });
    this.#copies.delete(name);
  }

  async delete(name: string): Promise<void> {
    await this.#answering(async () => {
      try {
        const input = { SecretId: this.#secretId(name), ForceDeleteWithoutRecovery: true };
        await this.#client.send(new DeleteSecretCommand(input));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    });
    this.#copies.delete(name);
  }

  #secretId(name: string): string {
    return `${this.#prefix}/${name}`;
  }

  async #create(name: string, value: string): Promise<void> {
    try {
      await this.#client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    } catch (error) {
      // Somebody made it in between.
      if (!(error instanceof ResourceExistsException)) throw error;
      await this.#client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
    }
  }

  #read(name: string): Promise<string | undefined> {
    const underway = this.#reading.get(name);
    if (underway !== undefined) return underway;
    const reading = this.#fetch(name).finally(() => this.#reading.delete(name));
    this.#reading.set(name, reading);
    return reading;
  }

  async #fetch(name: string): Promise<string | undefined> {
    return this.#answering(async () => {
      try {
        const command = new GetSecretValueCommand({ SecretId: this.#secretId(name) });
        const value = (await this.#client.send(command)).SecretString;
        if (value === undefined) this.#copies.delete(name);
        else this.#remember(name, value);
        return value;
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        this.#copies.delete(name);
        return undefined;
      }
    });
  }

  #remember(name: string, value: string): void {
    this.#copies.delete(name);
    this.#copies.set(name, { value, readAt: this.#clock.monotonic() });
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
