/** A JSON Schema for the detail of each event, from the code's own. */
import * as z from 'zod';
import { EVENT_SCHEMAS } from '../../shared/model/published-event.ts';

export const eventSchemas = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(EVENT_SCHEMAS).map(([name, schema]) => [
      name,
      { title: name, ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) },
    ]),
  );
