/**
 * The pure heart of the limits: a tenant's item and the requests that wait give their verdicts, in order, and the change to
 * write. No I/O and no clock of its own; how the change is written is the ledger's.
 */
import type { AdmissionRequest, Quota, Verdict } from '../../model/quota.ts';
import type { LedgerChange, LedgerItem } from '../../ports/usage-ledger.ts';
import { Account } from './account.ts';

export interface Admission {
  verdicts: Verdict[];
  /** Absent where nothing new passed. */
  change?: LedgerChange;
}

/** Is there anything to count before a request? Use is counted afterwards in any case. */
export const isLimited = (item: LedgerItem): item is LedgerItem & { quota: Quota } =>
  item.quota !== undefined && Object.values(item.quota.rate_limit).some((limit) => limit !== null);

/** `now` is milliseconds since the epoch; where the item has seen a later time, that one counts. */
export const admit = (
  item: LedgerItem & { quota: Quota },
  requests: readonly AdmissionRequest[],
  now: number,
): Admission => {
  const account = new Account(item, now);
  const verdicts = requests.map((request) => account.admit(request));
  return account.isChanged ? { verdicts, change: account.change() } : { verdicts };
};
