/**
 * Secrets Manager's four steps for the stage's own secrets. Each may come again: it then finds its work done. Nothing but the
 * last one changes what is in force, and it comes only after the test has passed.
 */

import type { KeyStore } from '../../ports/key-store.ts';
import type { RotatingSecrets } from '../../ports/rotating-secrets.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { FIRST_VERSION, formatRing, nextRing, parseRing } from './key-ring.ts';
import { OWN_SECRETS, type OwnSecret } from './own-secrets.ts';
import { proveOverlap } from './prove-overlap.ts';

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

export interface RotationRequest {
  step: RotationStep;
  /** Name or ARN. */
  secretId: string;
  /** The id of the version that is made. */
  token: string;
}

export interface RotationDeps {
  secrets: RotatingSecrets;
  keys: Pick<KeyStore, 'list'>;
  random: Random;
  clock: Clock;
  /** Of the secrets' names. */
  prefix: string;
  /** Told when another version is in force. Never rejects. */
  rotated?: (name: string) => Promise<void>;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab';
const SECRET_LENGTH = 64;

export class Rotation {
  readonly #deps: RotationDeps;

  constructor(deps: RotationDeps) {
    this.#deps = deps;
  }

  async take({ step, secretId, token }: RotationRequest): Promise<void> {
    const own = this.#ownSecret(secretId);
    const stages = await this.#deps.secrets.stages(secretId);
    // It came again after the last step.
    if (stages.get(token)?.includes('AWSCURRENT') === true) return;
    switch (step) {
      case 'createSecret':
        return this.#create(own, secretId, token);
      case 'setSecret':
        // Nobody but our own functions holds these secrets, and they read them here: there is nowhere else to set them.
        return void (await this.#pending(secretId, token));
      case 'testSecret':
        return this.#test(own, secretId, token);
      case 'finishSecret':
        return this.#finish(own, secretId, token, stages);
    }
  }

  async #create(own: OwnSecret, secretId: string, token: string): Promise<void> {
    const { secrets, clock, keys } = this.#deps;
    if ((await secrets.read(secretId, { stage: 'AWSPENDING', version: token })) !== undefined) return;
    const [current, records] = await Promise.all([this.#current(secretId), keys.list()]);
    const now = clock.now();
    const used = records.map(({ pepper_version }) => pepper_version ?? FIRST_VERSION);
    const facts = { now, pepperVersionsInUse: new Set(used) };
    const ring = nextRing(parseRing(current), {
      secret: this.#freshSecret(),
      now,
      keeps: (former) => own.keeps(former, facts),
      overlapMs: own.overlapMs,
    });
    await secrets.stage(secretId, token, formatRing(ring));
  }

  async #test(own: OwnSecret, secretId: string, token: string): Promise<void> {
    const { random, clock } = this.#deps;
    const [current, pending] = await Promise.all([this.#current(secretId), this.#pending(secretId, token)]);
    await proveOverlap(own.name, current, pending, { random, now: clock.now() });
  }

  async #finish(
    own: OwnSecret,
    secretId: string,
    token: string,
    stages: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    // What is put in force has passed the test, whoever asks for it and in whatever order.
    await this.#test(own, secretId, token);
    const from = [...stages].find(([, names]) => names.includes('AWSCURRENT'))?.[0];
    if (from === undefined) throw new Error('the secret has no current version');
    await this.#deps.secrets.promote(secretId, token, from);
    await this.#deps.rotated?.(own.name);
  }

  async #current(secretId: string): Promise<string> {
    const current = await this.#deps.secrets.read(secretId, { stage: 'AWSCURRENT' });
    if (current === undefined) throw new Error('the secret has no current version');
    return current;
  }

  async #pending(secretId: string, token: string): Promise<string> {
    const pending = await this.#deps.secrets.read(secretId, { stage: 'AWSPENDING', version: token });
    if (pending === undefined) throw new Error('no version of this token is pending');
    return pending;
  }

  /** Letters and digits, two of which come twice as often as the others: some 380 random bits. */
  #freshSecret(): string {
    return Array.from(
      this.#deps.random.bytes(SECRET_LENGTH),
      (byte) => ALPHABET[byte % ALPHABET.length],
    ).join('');
  }

  /** An ARN ends with the name and six characters of Secrets Manager's own. */
  #ownSecret(secretId: string): OwnSecret {
    const name = secretId.replace(/^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:/, '');
    const own = OWN_SECRETS.find(
      (one) =>
        name === `${this.#deps.prefix}/${one.name}` ||
        (name !== secretId && name.replace(/-[A-Za-z0-9]{6}$/, '') === `${this.#deps.prefix}/${one.name}`),
    );
    if (own === undefined) throw new Error('this is no secret of the stage');
    return own;
  }
}
