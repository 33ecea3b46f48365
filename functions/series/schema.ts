/** Queries of the routes that show what happened over time. */
import * as z from 'zod';

const wholeNumber = (least: number, most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^[0-9]{1,6}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be ${least} to ${most}`);

export const seriesQuery = z.strictObject({
  minutes: wholeNumber(1, 60).default(60),
  step_s: wholeNumber(2, 600).default(10),
});

export const streamQuery = z.strictObject({});
