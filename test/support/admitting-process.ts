/** Another process of the gateway: asks for COUNT admissions at once, and writes how many passed. */
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
const requests = requestsOf(Number(process.env.COUNT)).map((request) => ({
  ...request,
  id: `${process.pid}-${request.id}`,
}));
const startAt = Number(process.env.START_AT);
await new Promise((resolve) => setTimeout(resolve, startAt - Date.now()));
const verdicts = await Promise.all(requests.map((request) => service.admit(request)));
process.stdout.write(String(verdicts.filter(({ admitted }) => admitted).length));
client.destroy();
