/** The schemas that the code itself parses with, under the names that the documents give them. */
import * as z from 'zod';
import { policySchema, promoteSchema } from '../../functions/admin/policy-schema.ts';
import {
  adapterSchema,
  drainSchema,
  flagsSchema,
  keySchema,
  quotaOfSchema,
  quotaSchema,
  rotateSchema,
  tenantKeySchema,
  trialSchema,
} from '../../functions/admin/schema.ts';
import { messagesSchema } from '../../functions/completions/anthropic/schema.ts';
import { embeddingsSchema } from '../../functions/completions/embeddings/schema.ts';
import { chatSchema } from '../../functions/completions/openai/schema.ts';
import { previewSchema } from '../../functions/completions/preview-schema.ts';
import { responsesSchema } from '../../functions/completions/responses/schema.ts';
import * as adminReplies from '../../shared/model/admin-replies.ts';
import { askSchema, planSchema } from '../../shared/model/ask-schema.ts';
import { auditEntryReply, auditReply } from '../../shared/model/audit-replies.ts';
import * as consoleReplies from '../../shared/model/console-replies.ts';
import { observeSchema } from '../../shared/model/observe-schema.ts';
import {
  evaluationReply,
  policiesReply,
  policyReply,
  promotionReply,
} from '../../shared/model/policy-replies.ts';
import * as quotaReplies from '../../shared/model/quota-replies.ts';
import * as replies from '../../shared/model/replies.ts';
import * as vendorReplies from '../../shared/model/vendor-replies.ts';

export const REQUESTS: Readonly<Record<string, z.ZodType>> = {
  AskRequest: askSchema,
  PlanRequest: planSchema,
  ChatRequest: chatSchema,
  ResponsesRequest: responsesSchema,
  EmbeddingsRequest: embeddingsSchema,
  MessagesRequest: messagesSchema,
  ObserveRequest: observeSchema,
  McpMessage: z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.int()]).optional(),
    method: z.string(),
    params: z.looseObject({}).optional(),
  }),
  AdapterRequest: adapterSchema,
  KeyRequest: keySchema,
  RotateRequest: rotateSchema,
  QuotaRequest: quotaSchema,
  QuotaOfRequest: quotaOfSchema,
  FlagsRequest: flagsSchema,
  DrainRequest: drainSchema,
  PolicyRequest: policySchema,
  PromoteRequest: promoteSchema,
  TrialRequest: trialSchema,
  TenantKeyRequest: tenantKeySchema,
  PreviewRequest: previewSchema,
};

export const REPLIES: Readonly<Record<string, z.ZodType>> = {
  Candidate: replies.candidateReply,
  Ask: replies.askReply,
  AskChunk: replies.chunkEvent,
  Plan: replies.planReply,
  Observed: replies.observeReply,
  ChatCompletion: vendorReplies.chatReply,
  Response: vendorReplies.responseReply,
  Embeddings: vendorReplies.embeddingsReply,
  Message: vendorReplies.messageReply,
  AnthropicError: vendorReplies.anthropicErrorReply,
  OpenAiError: vendorReplies.openAiErrorReply,
  Models: replies.modelsReply,
  McpReply: z.looseObject({ jsonrpc: z.literal('2.0') }),
  Adapter: replies.adapterReply,
  Adapters: replies.adaptersReply,
  TenantKey: replies.tenantKeyReply,
  Key: replies.keyReply,
  Keys: replies.keysReply,
  NewKey: replies.newKeyReply,
  Quota: quotaReplies.quotaReply,
  Quotas: quotaReplies.quotasReply,
  QuotaWithUse: quotaReplies.quotaUseReply,
  OwnUsage: quotaReplies.ownUsageReply,
  Observation: replies.observationReply,
  Observations: replies.observationsReply,
  ObservationDetail: consoleReplies.observationDetailReply,
  Me: consoleReplies.meReply,
  SeriesPoint: consoleReplies.seriesPointReply,
  Series: consoleReplies.seriesReply,
  Snapshot: consoleReplies.snapshotEvent,
  Closing: consoleReplies.closingEvent,
  Arms: consoleReplies.armsReply,
  Preview: consoleReplies.previewReply,
  AdapterTrial: consoleReplies.adapterTestReply,
  AuditVerification: consoleReplies.auditVerificationReply,
  Usage: adminReplies.usageReply,
  Tenants: adminReplies.tenantsReply,
  Tenant: adminReplies.tenantReply,
  Events: adminReplies.eventsReply,
  AuditEntry: auditEntryReply,
  AuditEntries: auditReply,
  Flags: replies.flagsReply,
  Drain: replies.drainReply,
  Policy: policyReply,
  Policies: policiesReply,
  Evaluation: evaluationReply,
  Promotion: promotionReply,
  Description: z.looseObject({ openapi: z.literal('3.1.0') }),
  Alive: replies.healthzReply,
  Health: replies.healthReply,
  Problem: replies.problemReply,
};
