/**
 * What of a request may stand in an entry that is never taken away again: numbers, flags and names. Free text, personal data and
 * whatever looks like a key do not; in their place stands what they were.
 */

export type HoldsPersonalData = (text: string) => boolean;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/;
/** Prefixes of keys in use, ours among them, and runs as long as only keys have. */
const KEY_LIKE =
  /atp_|\b(?:sk|pk|rk|xox[a-z]|gh[a-z]|glpat|AKIA|ASIA|AIza|eyJ)[-_A-Za-z0-9]{8}|[A-Za-z0-9+/=]{33}/;
const SECRET_FIELD = /secret|api_key|^key$|token$|password|credential/i;
/** Fields of free text, whatever stands in them. */
const TEXT_FIELD = /^(?:name|description|reason|summary|note|comment|title)$/i;

const MOST_FIELDS = 40;
const MOST_ITEMS = 40;
const DEEPEST = 4;
const LONGEST = 4_096;

/** A name that may be kept; undefined for anything else. */
export const fitName = (text: string, holdsPersonalData: HoldsPersonalData): string | undefined =>
  NAME.test(text) && !KEY_LIKE.test(text) && !holdsPersonalData(text) ? text : undefined;

/** `body` has passed its schema, so that its field names are ours; keys of records in it are checked all the same. */
export const described = (body: unknown, holdsPersonalData: HoldsPersonalData): unknown => {
  const shown = (value: unknown, depth: number): unknown => {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'string') return fitName(value, holdsPersonalData) ?? '[text]';
    if (typeof value !== 'object' || depth === DEEPEST) return '[more]';
    if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => shown(item, depth + 1));
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return Object.fromEntries(
      fields.slice(0, MOST_FIELDS).map(([name, field]) => {
        const kept = fitName(name, holdsPersonalData) ?? '[name]';
        if (SECRET_FIELD.test(name)) return [kept, '[secret]'];
        return [
          kept,
          TEXT_FIELD.test(name) && typeof field === 'string' ? '[text]' : shown(field, depth + 1),
        ];
      }),
    );
  };
  if (typeof body !== 'object' || body === null) return undefined;
  const change = shown(body, 0);
  return JSON.stringify(change).length <= LONGEST ? change : { fields: Object.keys(change as object) };
};
