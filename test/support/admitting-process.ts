/** Another process of the gateway: says that it is ready, and for each message asks for so many admissions at once and says how many passed. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoUsageLedger } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { AdmissionService } from '../../shared/services/admission/admit-requests.ts';
import { requestsOf } from './fakes/limits.ts';

const client = new DynamoDBClient({});
const service = new AdmissionService({
  ledger: new DynamoUsageLedger(client, 'Usage'),
  clock: systemClock(),
  random: systemRandom(),
});
process.on('message', async (count: number) => {
  const requests = requestsOf(count).map((request) => ({ ...request, id: `${process.pid}-${request.id}` }));
  const verdicts = await Promise.all(requests.map((request) => service.admit(request)));
  process.send?.(verdicts.filter(({ admitted }) => admitted).length);
});
process.send?.('ready');
