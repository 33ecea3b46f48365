/**
 * New observations and what the gateway noticed, from their tables' streams to an event bus. What it throws makes the batch
 * come again; an item that is not what it should be would come for ever, so it is passed over and counted.
 */
import type { AttributeValue, DynamoDBStreamEvent } from 'aws-lambda';
import { fromItem } from '../../shared/adapters/dynamodb/observation-item.ts';
import type { Item } from '../../shared/adapters/dynamodb/wire.ts';
import type { PublishedEvent } from '../../shared/model/published-event.ts';
import type { StageEvent } from '../../shared/model/stage-event.ts';
import type { EventBus } from '../../shared/ports/event-bus.ts';
import { observationRecorded, stageEventPublished } from '../../shared/services/events/publishable.ts';

export interface PublishDeps {
  bus: EventBus;
  stage: string;
  published: (events: number, skipped: number) => void;
}

/** Partitions of observations: a day, and its shard. */
const OBSERVATIONS = /^\d{4}-\d{2}-\d{2}#\d+$/;
const EVENTS = 'events';

type Image = Record<string, AttributeValue>;

/** Undefined for what is no business of others, null for what cannot be read. */
const eventOf = (image: Image, stage: string): PublishedEvent | null | undefined => {
  const partition = image.pk?.S ?? '';
  try {
    if (OBSERVATIONS.test(partition)) return observationRecorded(fromItem(image as Item), stage) ?? null;
    if (partition !== EVENTS) return undefined;
    return stageEventPublished(JSON.parse(image.document?.S ?? '') as StageEvent, stage);
  } catch {
    return null;
  }
};

export const makeHandler =
  ({ bus, stage, published }: PublishDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
    const found = Records.map(({ eventName, dynamodb }) =>
      eventName === 'INSERT' && dynamodb?.NewImage !== undefined
        ? eventOf(dynamodb.NewImage, stage)
        : undefined,
    );
    const events = found.filter((event) => event !== null && event !== undefined);
    await bus.put(events);
    published(events.length, found.filter((event) => event === null).length);
  };
