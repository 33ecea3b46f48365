/** The gate of the functions that take work from WebSockets. */
import { DynamoConfigStore } from '../adapters/dynamodb/config-store.ts';
import type { DocumentTable } from '../adapters/dynamodb/documents.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../config/default-policy.ts';
import type { Clock } from '../ports/runtime.ts';
import { cachedDrain } from '../services/drain/cached-drain.ts';
import { DrainGate } from '../services/drain/drain-gate.ts';

export const socketGate = (configTable: DocumentTable, clock: Clock): DrainGate => {
  const config = new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS });
  return new DrainGate(cachedDrain(config, clock));
};
