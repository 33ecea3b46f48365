/** A string, or an array whose entries say by `type` what they are. Checked by hand: a union would not say which entry is at fault. */
import * as z from 'zod';
import { isObject } from '../../shared/model/chat.ts';

const MOST_ENTRIES = 10_000;

export interface TypedEntries {
  /** What the entries are called. */
  name: string;
  schemas: Readonly<Record<string, z.ZodType>>;
  /** Of an entry that names none. */
  defaultType?: string;
}

export const textOrEntries = ({ name, schemas, defaultType }: TypedEntries) => {
  const known = Object.keys(schemas).join(', ');
  return z
    .unknown()
    .meta({
      description: `A string, or an array of ${name}.`,
      anyOf: [
        { type: 'string' },
        {
          type: 'array',
          items: {
            type: 'object',
            properties: { type: { enum: Object.keys(schemas) } },
            required: defaultType === undefined ? ['type'] : [],
          },
        },
      ],
    })
    .superRefine((value, context) => {
      if (typeof value === 'string') return;
      if (!Array.isArray(value)) {
        context.addIssue({ code: 'custom', message: `must be a string or an array of ${name}` });
        return;
      }
      if (value.length > MOST_ENTRIES) {
        context.addIssue({ code: 'custom', message: `must hold at most ${MOST_ENTRIES} ${name}` });
        return;
      }
      for (const [index, entry] of value.entries()) {
        const type = isObject(entry) ? (entry.type ?? defaultType) : undefined;
        const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
        if (schema === undefined)
          context.addIssue({ code: 'custom', path: [index, 'type'], message: `must be one of ${known}` });
        for (const { path, message } of schema?.safeParse(entry).error?.issues ?? [])
          context.addIssue({ code: 'custom', path: [index, ...path], message });
      }
    });
};
