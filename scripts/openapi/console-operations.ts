/** What the routes that the console is built on take and answer. */
import type { Operation } from './operation.ts';

const admin = (operation: Omit<Operation, 'tag'>): Operation => ({ ...operation, tag: 'Administration' });

export const CONSOLE_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /admin/me': admin({
    id: 'getOwnKey',
    reply: 'Me',
    status: 200,
    description: 'The key that asks, its roles, and the stage.',
  }),
  'GET /admin/series': admin({
    id: 'getSeries',
    reply: 'Series',
    status: 200,
    description:
      'Every whole step of the routes that answer prompts, oldest first, and by model those steps in which it answered. ' +
      '`step_s` may be coarser than was asked for: CloudWatch keeps minutes.',
  }),
  'GET /admin/stream': admin({
    id: 'streamSeries',
    status: 200,
    description:
      'Server-sent events: `series` (Series) once, `snapshot` (Snapshot) when a step is whole, `closing` (Closing) at the ' +
      'end, after 14 minutes at the latest.',
    streams: true,
  }),
  'GET /admin/policies/{id}/arms': admin({
    id: 'getPolicyArms',
    reply: 'Arms',
    status: 200,
    description:
      'Of each model what was learnt of it, and what it did in the last hours, by the 5,000 newest observations of all ' +
      'policies.',
  }),
  'GET /admin/observations/{request_id}': admin({
    id: 'getObservation',
    reply: 'ObservationDetail',
    status: 200,
    description: 'The request, redacted, with its ranking and the timeline of its steps.',
  }),
  'POST /admin/privacy/preview': admin({
    id: 'previewPrivacy',
    request: 'PreviewRequest',
    reply: 'Preview',
    status: 200,
    description: 'What would be found and masked. Nothing of the text is kept, logged or counted.',
  }),
  'POST /admin/adapters/{id}/test': admin({
    id: 'testAdapter',
    request: 'TrialRequest',
    reply: 'AdapterTrial',
    status: 200,
    description:
      'How one small call went; also where the model failed. No tenant is charged, routing learns nothing of it.',
  }),
  'GET /admin/audit/verify': admin({
    id: 'verifyAudit',
    reply: 'AuditVerification',
    status: 200,
    description:
      "Whether every entry is as it was written, or the tenant's, with the first of each chain that is not. `complete` is " +
      'false where 20 s did not suffice.',
  }),
};
