/**
 * A change of what tables hold, in three releases: the first reads both forms and writes the new one (expand), the runner brings
 * old items into it (migrate), a later release no longer knows the old form (contract). At no time is there an item that
 * either of two releases side by side cannot read.
 */
import type { Item } from '../../shared/adapters/dynamodb/wire.ts';
import type { TableName } from '../../shared/config/tables.ts';

export interface Migration {
  /** Stays for ever: checkpoints go by it. */
  id: string;
  what: string;
  table: TableName;
  /** `contract` takes the old form away; it runs only where it is asked for, since no release that needs it may be left. */
  phase: 'migrate' | 'contract';
  /** Those that have to be done before. */
  after?: readonly string[];
  /** Undefined where the item is as it should be; what comes out of it must be left alone the next time. */
  change(item: Item): Item | undefined;
}
