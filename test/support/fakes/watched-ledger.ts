/** A ledger in memory that counts its swaps, and loses one where a test says so. */
import { MemoryUsageLedger } from '../../../shared/adapters/memory/usage-ledger.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { LedgerChange, SwapResult } from '../../../shared/ports/usage-ledger.ts';

export class WatchedLedger extends MemoryUsageLedger {
  swaps = 0;
  /** The answer of the next swap is lost: after it was written, or before. */
  lose: 'answer' | 'write' | undefined;

  override async swap(tenantId: string, version: number, change: LedgerChange): Promise<SwapResult> {
    this.swaps += 1;
    const { lose } = this;
    this.lose = undefined;
    const result = lose === 'write' ? undefined : await super.swap(tenantId, version, change);
    if (lose !== undefined) throw new AppError('unavailable', 'The limits cannot be checked at the moment.');
    return result as SwapResult;
  }
}
