/** Whether a piece of text can hold a name or an address at all: the model costs far more than this look. */

/** Capitals, scripts without them, and digits: what names and addresses are written with. */
const WRITTEN = /[\p{Lu}\p{Lt}\p{Lo}\d]/u;
/** Where names and addresses stand in text that is all lower-case. */
const ANNOUNCED =
  /\b(?:name[ds]?|called|i'?m|i am|this is|mr|mrs|ms|dr|dear|hi|hello|hey|signed|regards|sincerely|thanks|patient|customer|client|employee|colleague|street|avenue|road|lives?)\b/i;

export const isWorthTheWork = (text: string): boolean => WRITTEN.test(text) || ANNOUNCED.test(text);
