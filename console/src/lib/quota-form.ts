/** The limits' form: text to numbers, with a word for each field that is wrong. Empty means no limit of one's own. */
export const LIMIT_FIELDS = [
  { name: 'rps', label: 'Requests a second', whole: true },
  { name: 'rpm', label: 'Requests a minute', whole: true },
  { name: 'rph', label: 'Requests an hour', whole: true },
  { name: 'concurrent', label: 'At once', whole: true },
  { name: 'tokens_per_day', label: 'Tokens a day', whole: true },
  { name: 'cost_per_day_usd', label: 'Dollars a day', whole: false },
] as const;

export type LimitField = (typeof LIMIT_FIELDS)[number]['name'];
export type LimitTexts = Readonly<Record<LimitField, string>>;

export interface ReadLimits {
  readonly limits: Partial<Record<LimitField, number>>;
  readonly errors: Partial<Record<LimitField, string>>;
}

export const asTexts = (limits: Partial<Record<LimitField, number | null>> | undefined): LimitTexts =>
  Object.fromEntries(
    LIMIT_FIELDS.map(({ name }) => [name, limits?.[name] == null ? '' : String(limits[name])]),
  ) as LimitTexts;

export const readLimits = (texts: LimitTexts): ReadLimits => {
  const limits: Partial<Record<LimitField, number>> = {};
  const errors: Partial<Record<LimitField, string>> = {};
  for (const { name, whole } of LIMIT_FIELDS) {
    const text = texts[name].trim();
    if (text === '') continue;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) errors[name] = 'A number, 0 or more';
    else if (whole && !Number.isInteger(value)) errors[name] = 'A whole number';
    else limits[name] = value;
  }
  return { limits, errors };
};
