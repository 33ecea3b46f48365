/** What a table's failures become: retried where that may help, `unavailable` where not. */
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../shared/adapters/aws/aws-error.ts';
import { DocumentTable } from '../../../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../../../shared/adapters/dynamodb/key-store.ts';
import { DynamoLearningState } from '../../../../shared/adapters/dynamodb/learning-state.ts';
import { DynamoObservationStore } from '../../../../shared/adapters/dynamodb/observation-store.ts';
import { transact } from '../../../../shared/adapters/dynamodb/transact.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { scriptedDynamo } from '../../../support/fakes/clients.ts';
import { Happened } from '../../../support/fakes/happened.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { drawing } from '../../../support/fakes/seeded-random.ts';

const cancelled = (...codes: string[]) =>
  new AwsError('TransactionCanceledException', 400, { CancellationReasons: codes.map((Code) => ({ Code })) });

/** A table that fails so, call after call, and then does as it is told. */
const failing = (...failures: Error[]) => {
  const left = [...failures];
  const { client, sent } = scriptedDynamo(() => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return {};
  });
  const clock = new ManualClock({ autoAdvance: true });
  return { client, sent, clock, random: drawing(0.5) };
};

describe('a transaction', () => {
  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is tried again after %s, each time later',
    async (code) => {
      const deps = failing(cancelled('None', code), cancelled(code, 'None'));

      expect(await transact(deps, [])).toEqual([]);

      expect(deps.sent).toHaveLength(3);
      expect(deps.clock.slept).toEqual([10, 20]);
    },
  );

  it('is tried again while the same one is under way', async () => {
    const deps = failing(new AwsError('TransactionInProgressException', 400));

    expect(await transact(deps, [])).toEqual([]);
  });

  it('tells which conditions failed, and is not tried again', async () => {
    const deps = failing(
      cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict', 'ConditionalCheckFailed'),
    );

    expect(await transact(deps, [])).toEqual([1, 3]);

    expect(deps.sent).toHaveLength(1);
  });

  it('is given up after six conflicts', async () => {
    const deps = failing(...Array.from({ length: 9 }, () => cancelled('TransactionConflict')));

    await expect(transact(deps, [])).rejects.toMatchObject({ code: 'unavailable', retryable: true });

    expect(deps.sent).toHaveLength(6);
  });

  it.each([
    ['a reason that stays', cancelled('ValidationError')],
    ['no reason', new AwsError('TransactionCanceledException', 400)],
    ['no answer', new Error('ECONNREFUSED')],
  ])('is given up at once for %s', async (_, failure) => {
    const deps = failing(failure);

    await expect(transact(deps, [])).rejects.toMatchObject({ code: 'unavailable', cause: failure });

    expect(deps.sent).toHaveLength(1);
  });
});

describe('a table that does not answer', () => {
  const away = () => failing(...Array.from({ length: 9 }, () => new Error('ECONNREFUSED')));
  const observationsOf = (deps: ReturnType<typeof failing>) =>
    new DynamoObservationStore({ ...deps, table: 'Observations', shards: 1, settlementUpdates: () => [] });

  it.each<[string, () => Promise<unknown>]>([
    ['reading a document', () => new DocumentTable(away().client, 'Config').get('a', 'b')],
    ['listing documents', () => new DocumentTable(away().client, 'Config').list('a')],
    ['putting a document', () => new DocumentTable(away().client, 'Config').put('a', 'b', {})],
    ['creating a document', () => new DocumentTable(away().client, 'Config').create('a', 'b', {})],
    ['deleting a document', () => new DocumentTable(away().client, 'Config').delete('a', 'b')],
    ['reading learnt state', () => new DynamoLearningState(away().client, 'L', () => undefined).read('p')],
    ['finding an observation', () => observationsOf(away()).find('acme', 'request-1')],
    ['listing observations', () => observationsOf(away()).list({ limit: 1 })],
    [
      'committing an observation',
      () => observationsOf(away()).commit([new Happened(new ManualClock()).make()]),
    ],
  ])('is unavailable for %s', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

describe('a key that exists', () => {
  it('is a conflict that names nothing of it', async () => {
    const { client } = failing(new AwsError('ConditionalCheckFailedException', 400));
    const record = { id: 'k1', tenant_id: 't', roles: [], hash: 'h', created_at: '' };

    const error = await new DynamoKeyStore(new DocumentTable(client, 'Config'))
      .create(record)
      .catch((e) => e);

    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'conflict', detail: 'It exists already.' });
  });
});

describe('an observation store', () => {
  it('refuses an observation whose id carries no time', async () => {
    const { client, clock, random } = failing();
    const store = new DynamoObservationStore({
      client,
      clock,
      random,
      table: 'Observations',
      shards: 1,
      settlementUpdates: () => [],
    });

    await expect(store.commit([new Happened(clock).make({ id: 'x' })])).rejects.toThrow('UUIDv7');
  });

  it('sends nothing for an empty batch', async () => {
    const deps = failing();
    const store = new DynamoObservationStore({
      ...deps,
      table: 'Observations',
      shards: 1,
      settlementUpdates: () => [],
    });

    await store.commit([]);

    expect(deps.sent).toEqual([]);
  });
});
