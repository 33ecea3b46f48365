/**
 * What the process lends to the functions that it runs, as Lambda's own runtime lends `awslambda`: nothing in Lambda, a journal
 * where it has a disk of its own.
 */
import type { SettlementJournal } from '../../ports/settlement-journal.ts';

export interface Host {
  journal?: SettlementJournal;
}

const HOST = Symbol.for('atp.host');

/** Must run before the first import of a function's module. */
export const lend = (host: Host): void => {
  Object.defineProperty(globalThis, HOST, { value: host, configurable: true });
};

export const host = (): Host => (Reflect.get(globalThis, HOST) as Host | undefined) ?? {};
