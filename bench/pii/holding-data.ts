/**
 * Prompts of the clean set that do hold personal data, by their ids: as read among those that rules, hybrid or Presidio flag
 * (servers' addresses, mails, logs and notes with people's names). What is flagged in the others is a false alarm.
 */
export const HOLDING_DATA: ReadonlySet<string> = new Set(
  [34, 166, 245, 272, 291, 303].map((number) => `dev-arena-clean-${number}`),
);
