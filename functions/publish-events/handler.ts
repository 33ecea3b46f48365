/**
 * New observations and what the gateway noticed, from their tables' streams to an event bus. What it throws makes the batch
 * come again; an item that is not what it should be would come for ever, so it is passed over and counted.
 */
import type { AttributeValue, DynamoDBStreamEvent } from 'aws-lambda';
import type { Observation } from '../../shared/model/observation.ts';
import type { PublishedEvent } from '../../shared/model/published-event.ts';
import type { StageEvent } from '../../shared/model/stage-event.ts';
import type { EventBus } from '../../shared/ports/event-bus.ts';
import { observationRecorded, stageEventPublished } from '../../shared/services/events/publishable.ts';

export interface PublishDeps {
  bus: EventBus;
  /** Undefined for an item that is neither; throws for one that cannot be read. */
  read: (image: Image) => { observation: Observation } | { event: StageEvent } | undefined;
  stage: string;
  published: (events: number, skipped: number) => void;
}

type Image = Record<string, AttributeValue>;

/** Undefined for what is no business of others, null for what cannot be read. */
const eventOf = (image: Image, { read, stage }: PublishDeps): PublishedEvent | null | undefined => {
  try {
    const recorded = read(image);
    if (recorded === undefined) return undefined;
    if ('event' in recorded) return stageEventPublished(recorded.event, stage);
    return observationRecorded(recorded.observation, stage) ?? null;
  } catch {
    return null;
  }
};

export const makeHandler =
  (deps: PublishDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
    const found = Records.map(({ eventName, dynamodb }) =>
      eventName === 'INSERT' && dynamodb?.NewImage !== undefined
        ? eventOf(dynamodb.NewImage, deps)
        : undefined,
    );
    const events = found.filter((event) => event !== null && event !== undefined);
    await deps.bus.put(events);
    deps.published(events.length, found.filter((event) => event === null).length);
  };
