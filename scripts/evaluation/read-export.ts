/** Observations from files: DynamoDB's own exports (gzip or not), or the table's items or documents as JSON, one a line. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { fromItem } from '../../shared/adapters/dynamodb/observation-item.ts';
import type { Item } from '../../shared/adapters/dynamodb/wire.ts';
import type { Observation } from '../../shared/model/observation.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isItem = (value: Record<string, unknown>): value is Item => isRecord(value.document);

/** Undefined for the table's other items. Throws where the line is none of the three forms. */
export const observationOf = (line: string): Observation | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('is not JSON');
  }
  if (!isRecord(value)) throw new Error('is not an object');
  const inner = isRecord(value.Item) ? value.Item : value;
  if (isItem(inner)) return fromItem(inner);
  if (isRecord(inner.pk)) return undefined;
  if (typeof inner.id !== 'string' || !isRecord(inner.propensities)) throw new Error('is not an observation');
  return { quality_score: null, ...inner } as Observation;
};

/** Throws with the file's name and the line's number, and never with its words. */
export const readExport = async (paths: readonly string[]): Promise<Observation[]> => {
  const observations: Observation[] = [];
  for (const path of paths) {
    const file = createReadStream(path);
    const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
    file.on('error', (error) => input.destroy(error));
    let number = 0;
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() === '') continue;
      try {
        const observation = observationOf(line);
        if (observation !== undefined) observations.push(observation);
      } catch (error) {
        throw new Error(`${path}, line ${number} ${(error as Error).message}`);
      }
    }
  }
  return observations;
};
