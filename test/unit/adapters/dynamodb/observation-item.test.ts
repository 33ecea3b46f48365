import { describe, expect, it } from 'vitest';
import { fromItem, toItem } from '../../../../shared/adapters/dynamodb/observation-item.ts';
import { Happened } from '../../../support/fakes/happened.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

const observe = (fields: Parameters<Happened['make']>[0] = {}) =>
  new Happened(new ManualClock()).make(fields).observation;

describe('an observation as an item', () => {
  it('is one document beside its key and what listings filter by', () => {
    const observation = observe({ prompt: '"ü" \n🙂', session_id: 's', prompt_truncated: true });
    const { quality_score, ...document } = observation;

    const item = toItem(observation, 'partition');

    expect(quality_score).toBeNull();
    expect(item).toEqual({
      pk: { S: 'partition' },
      sk: { S: observation.id },
      tenant_id: { S: observation.tenant_id },
      model: { S: observation.model },
      document: { S: JSON.stringify(document) },
      expires_at: { N: String(Date.parse('2026-04-05T12:00:00Z') / 1_000) },
    });
    expect(fromItem(item)).toEqual(observation);
  });

  it.each([0, 0.25, 1])('has its score, %d, as an attribute, which a later one replaces', (quality_score) => {
    const item = toItem(observe({ quality_score }), 'partition');

    expect(item.quality_score).toEqual({ N: String(quality_score) });
    expect(JSON.parse(item.document?.S ?? '')).not.toHaveProperty('quality_score');
    expect(fromItem(item).quality_score).toBe(quality_score);
    expect(fromItem({ ...item, quality_score: { N: '0.5' } }).quality_score).toBe(0.5);
  });
});
