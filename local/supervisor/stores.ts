/** The supervisor's own view of the stores: for seeds, the learner's policies, and dead letters. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../../shared/adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoEventLog } from '../../shared/adapters/dynamodb/event-log.ts';
import { DynamoHealthStore } from '../../shared/adapters/dynamodb/health-store.ts';
import { DynamoKeyStore } from '../../shared/adapters/dynamodb/key-store.ts';
import { DynamoObservationStore } from '../../shared/adapters/dynamodb/observation-store.ts';
import { settlementUpdates } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeAuditLog } from '../../shared/composition/audit-trail.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { awsEnv } from '../../shared/config/env.ts';
import { SECRETS_PREFIX } from '../environment.ts';

/** `environment` is the functions' own, its AWS part with it. */
export const makeStores = (environment: Readonly<Record<string, string>>) => {
  const clock = systemClock();
  const random = systemRandom();
  const { dynamodb } = connections(awsEnv.parse(environment), clock);
  const client = makeDynamoClient({ ...dynamodb, clock, random });
  const configTable = new DocumentTable(client, environment.CONFIG_TABLE ?? '');
  return {
    clock,
    random,
    audit: (secrets: { get(name: string): string | undefined }) =>
      composeAuditLog({
        dynamo: client,
        auditTable: environment.AUDIT_TABLE ?? '',
        secrets: { get: async (name) => secrets.get(`${SECRETS_PREFIX}/${name}`) },
        clock,
        random,
        ids: uuidv7Source(clock, random),
      }),
    config: new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS }),
    keys: new DynamoKeyStore(configTable),
    events: new DynamoEventLog(client, environment.USAGE_TABLE ?? '', clock),
    health: new DynamoHealthStore(client, environment.USAGE_TABLE ?? '', { clock, random }),
    observations: new DynamoObservationStore({
      client,
      table: environment.OBSERVATIONS_TABLE ?? '',
      shards: Number(environment.OBSERVATION_SHARDS),
      clock,
      random,
      settlementUpdates: settlementUpdates(environment.USAGE_TABLE ?? ''),
    }),
  };
};

export type Stores = ReturnType<typeof makeStores>;
