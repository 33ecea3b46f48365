/** Names for the replies that several pages read; what they are, the OpenAPI document says. */
import type { Schemas } from './client.ts';

export type Adapter = Schemas['Adapter'];
export type Observation = Schemas['Observation'];
export type Policy = Schemas['Policy'];
export type Evaluation = Schemas['Evaluation'];
export type Candidate = Schemas['Candidate'];
export type Key = Schemas['Key'];
export type UsageRow = Schemas['Usage'][number];
export type AuditEntry = Schemas['AuditEntry'];
export type Me = Schemas['Me'];
export type Series = Schemas['Series'];
export type Point = Schemas['SeriesPoint'];
export type ModelPoint = Series['by_model'][string][number];
export type Snapshot = Schemas['Snapshot'];
export type Arms = Schemas['Arms'];
export type Arm = Arms['arms'][number];
export type Decision = Schemas['ObservationDetail'];
export type Preview = Schemas['Preview'];
export type TestCall = Schemas['AdapterTrial'];
export type Verification = Schemas['AuditVerification'];
export type BrokenLink = Verification['broken'][number];
