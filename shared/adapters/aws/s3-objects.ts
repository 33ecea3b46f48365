/** Objects in a bucket of S3. Keys are of letters, digits and `/._-`, which S3 signs as they are. */
import { hash } from 'node:crypto';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from './aws-client.ts';

export interface S3ObjectsOptions extends AwsConnection {
  /** The endpoint's path of the bucket; empty where the bucket is in its host name. */
  path: string;
  clock: Clock;
  random: Random;
}

const FIT = /^[A-Za-z0-9][A-Za-z0-9/._-]*$/;

export class S3Objects implements ObjectStore {
  readonly #client: AwsClient;
  readonly #path: string;

  constructor({ path, ...connection }: S3ObjectsOptions) {
    this.#client = new AwsClient({ ...connection, service: 's3', timeoutMs: 10_000, attempts: 3 });
    this.#path = path;
  }

  async put(key: string, body: string): Promise<void> {
    if (!FIT.test(key)) throw new Error('the key has characters that are signed otherwise');
    await this.#client.send({
      method: 'PUT',
      path: `${this.#path}/${key}`,
      headers: {
        'content-type': 'application/x-ndjson',
        'x-amz-content-sha256': hash('sha256', body, 'hex'),
        // A bucket that locks its objects takes none without a checksum.
        'x-amz-checksum-sha256': hash('sha256', body, 'base64'),
      },
      body,
    });
  }
}
