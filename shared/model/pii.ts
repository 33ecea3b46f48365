export const PII_TYPES = ['PERSON', 'ADDRESS', 'EMAIL', 'PHONE', 'SSN', 'CREDIT_CARD', 'IP', 'IBAN'] as const;
export type PiiType = (typeof PII_TYPES)[number];

/** A finding; offsets are UTF-16 code units of the text itself, end exclusive. */
export interface PiiSpan {
  start: number;
  end: number;
  type: PiiType;
}
