/** The arithmetic of a listing that is read from several partitions: days, slices, cursors. */
import { invalidField } from '../../errors/app-error.ts';
import type { Observation, ObservationPage } from '../../model/observation.ts';
import { timeOfUuidv7 } from '../runtime/uuidv7.ts';
import { dayOf } from './observation-item.ts';

/** What was read of a partition, complete down to the id `readTo`; to the partition's end where there is none. */
export interface Slice {
  items: Observation[];
  readTo?: string;
}

const DAY_MS = 86_400_000;

/** Days (UTC) from the newest to the oldest, both taken in. */
export const daysBack = (newest: number, oldest: number): string[] => {
  const days: string[] = [];
  for (let time = newest; dayOf(time) >= dayOf(oldest); time -= DAY_MS) days.push(dayOf(time));
  return days;
};

/** The newest `limit` of several slices, as far down as every one of them is complete. */
export const merge = (slices: readonly Slice[], limit: number): Slice => {
  const floor = slices.reduce((highest, { readTo = '' }) => (readTo > highest ? readTo : highest), '');
  const byId = new Map(slices.flatMap(({ items }) => items).map((item) => [item.id, item]));
  const items = [...byId.values()].filter(({ id }) => id >= floor).sort((a, b) => (a.id < b.id ? 1 : -1));
  const last = items[limit - 1];
  if (items.length > limit && last !== undefined) return { items: items.slice(0, limit), readTo: last.id };
  return floor === '' ? { items } : { items, readTo: floor };
};

export const pageOf = ({ items, readTo }: Slice): ObservationPage =>
  readTo === undefined ? { items } : { items, cursor: readTo };

/** A cursor is the id to go on below. Throws `invalid_request` for what is none. */
export const checkCursor = (cursor: string): string => {
  if (timeOfUuidv7(cursor) === undefined)
    throw invalidField('/query/cursor', 'is not a cursor of this listing');
  return cursor;
};
