/** An item as a table's stream has it: an observation, what the gateway noticed, or something else. */
import type { Observation } from '../../model/observation.ts';
import type { StageEvent } from '../../model/stage-event.ts';
import { fromItem } from './observation-item.ts';
import type { Item } from './wire.ts';

/** Partitions of observations: a day, and its shard. */
const OBSERVATIONS = /^\d{4}-\d{2}-\d{2}#\d+$/;
const EVENTS = 'events';

export type Recorded = { observation: Observation } | { event: StageEvent };

/** Undefined for something else; throws where its document cannot be read. */
export const readImage = (image: Item): Recorded | undefined => {
  const partition = image.pk?.S ?? '';
  if (OBSERVATIONS.test(partition)) return { observation: fromItem(image) };
  if (partition !== EVENTS) return undefined;
  return { event: JSON.parse(image.document?.S ?? '') as StageEvent };
};
