/** Another process of the gateway: says that it is ready, and for each message asks for so many admissions at once and says how many passed. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoUsageLedger } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { awsEnv } from '../../shared/config/env.ts';
import { AdmissionService } from '../../shared/services/admission/admit-requests.ts';
import { requestsOf } from './fakes/limits.ts';

const clock = systemClock();
const random = systemRandom();
const { dynamodb } = connections(awsEnv.parse(process.env), clock);
const ledger = new DynamoUsageLedger(makeDynamoClient({ ...dynamodb, clock, random }), 'Usage');
const service = new AdmissionService({ ledger, clock, random });
process.on('message', async (count: number) => {
  const requests = requestsOf(count).map((request) => ({ ...request, id: `${process.pid}-${request.id}` }));
  const verdicts = await Promise.all(requests.map((request) => service.admit(request)));
  process.send?.(verdicts.filter(({ admitted }) => admitted).length);
});
process.send?.('ready');
