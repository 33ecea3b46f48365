/** Items that lack what they should hold, as another version or a hand may have left them, are read without a fall. */
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../shared/adapters/aws/aws-error.ts';
import { DocumentTable } from '../../../../shared/adapters/dynamodb/documents.ts';
import { DynamoFeedbackStore } from '../../../../shared/adapters/dynamodb/feedback-store.ts';
import { DynamoLearningState } from '../../../../shared/adapters/dynamodb/learning-state.ts';
import { fromItem } from '../../../../shared/adapters/dynamodb/observation-item.ts';
import { scriptedDynamo } from '../../../support/fakes/clients.ts';
import { Happened } from '../../../support/fakes/happened.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const answering = (output: object) => scriptedDynamo(() => output).client;

describe('a bare item', () => {
  it('is an observation with nothing in it', () => {
    expect(fromItem({ sk: { S: 'x' } })).toMatchObject({
      id: 'x',
      prompt: '',
      tokens_in: 0,
      propensities: {},
      quality_score: null,
      tokens_estimated: false,
      selector: 'typescript',
    });
  });

  it('is a document that is null', async () => {
    const table = new DocumentTable(answering({ Items: [{}] }), 'Config');

    expect(await table.list('config')).toEqual([{ sk: '', document: null }]);
  });

  it('at the head of learnt state is version 0', async () => {
    const state = new DynamoLearningState(
      answering({ Items: [{ arm: { S: '#head' } }, {}] }),
      'Learning',
      () => undefined,
    );

    expect(await state.read('default')).toEqual({ version: 0, freshness: 'fresh', arms: new Map() });
  });

  it('where a page has none is no document', async () => {
    expect(await new DocumentTable(answering({}), 'Config').list('config')).toEqual([]);
  });
});

describe('feedback that went away again', () => {
  it('is told apart from the same', async () => {
    const clock = new ManualClock();
    const { observation } = new Happened(clock).make();
    const { client } = scriptedDynamo(({ name }) => {
      if (name === 'GetItem') return {};
      throw new AwsError('TransactionCanceledException', 400, {
        CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
      });
    });
    const store = new DynamoFeedbackStore({
      client,
      clock,
      random: seededRandom(),
      featureVersions: { hashed: 1, embedded: 7 },
      shards: 1,
      feedbackTable: 'Feedback',
      observationsTable: 'Observations',
      observations: { find: async () => observation },
    });

    const { tenant_id, request_id } = observation;

    expect(await store.record({ tenant_id, request_id, quality_score: 1 })).toBe('different');
  });
});
