/**
 * The pure heart of the limits: a tenant's item and the requests that wait give their verdicts, in order, and the change to
 * write. No I/O and no clock of its own; how the change is written is the ledger's.
 */
import type { AdmissionRequest, Quota, Verdict } from '../../model/quota.ts';
import type { LedgerChange, LedgerItem } from '../../ports/usage-ledger.ts';
import { Account } from './account.ts';
import type { LeaseRequest } from './block.ts';
import type { Grant } from './lease.ts';

export interface Admission {
  verdicts: Verdict[];
  /** Absent where nothing new passed, and nothing was leased or given back. */
  change?: LedgerChange;
  /** What the process may let in by itself once the change is written. */
  grant?: Grant;
}

/** Is there anything to count before a request? Use is counted afterwards in any case. */
export const isLimited = (item: LedgerItem): item is LedgerItem & { quota: Quota } =>
  item.quota !== undefined && Object.values(item.quota.rate_limit).some((limit) => limit !== null);

/** `now` is milliseconds since the epoch; where the item has seen a later time, that one counts. */
export const admit = (
  item: LedgerItem,
  requests: readonly AdmissionRequest[],
  now: number,
  lease?: LeaseRequest,
): Admission => {
  const account = new Account(item, now, lease);
  const verdicts = requests.map((request) => account.admit(request));
  const grant = verdicts.every(({ admitted }) => admitted) ? account.grant() : undefined;
  const adds = grant !== undefined || account.isChanged;
  return {
    verdicts,
    ...(adds || account.hasLeased ? { change: account.change(adds) } : {}),
    ...(grant === undefined ? {} : { grant }),
  };
};
