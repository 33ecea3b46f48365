/** A stage worth looking at: a second tenant with limits and a key, policies beside the champion, personal data. */
import type { ConsoleUnderTest } from './with-console.ts';

const PROMPTS = [
  'Write to ada.byron@example.com about the invoice',
  'Call +44 20 7946 0018 before noon',
  'Plan a week of dinners for four',
];

interface Answer {
  readonly request_id: string;
  readonly model_used: string;
}

/** By the operator, on the tenant's behalf. What is refused is left out. */
export const askAs = async (stage: ConsoleUnderTest, tenant: string, times: number): Promise<Answer[]> => {
  const answers: Answer[] = [];
  for (let index = 0; index < times; index++) {
    const reply = await fetch(`${stage.url}/v1/ask`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stage.keys.operator}`,
        'content-type': 'application/json',
        'x-tenant-id': tenant,
      },
      body: JSON.stringify({ prompt: PROMPTS[index % PROMPTS.length], max_tokens: 20 }),
    });
    if (reply.ok) answers.push((await reply.json()) as Answer);
  }
  return answers;
};

export const scoreAs = async (
  stage: ConsoleUnderTest,
  tenant: string,
  request_id: string,
  quality_score: number,
): Promise<void> => {
  await fetch(`${stage.url}/v1/observe`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stage.keys.operator}`,
      'content-type': 'application/json',
      'x-tenant-id': tenant,
    },
    body: JSON.stringify({ request_id, quality_score }),
  });
};

export const prepareStage = async (stage: ConsoleUnderTest): Promise<void> => {
  const rate_limit = { rps: 20, rpm: 200, tokens_per_day: 400_000, cost_per_day_usd: 2, concurrent: 8 };
  await stage.api('POST', '/admin/quotas', { tenant_id: 'acme', tier: 'pro', rate_limit });
  await stage.api('POST', '/admin/keys', { tenant_id: 'acme', roles: ['caller'], name: 'web shop' });
  await stage.api('PUT', '/admin/policies/thrifty', { strategy: 'greedy', params: {} });
  await stage.api('PUT', '/admin/policies/support', {
    strategy: 'thompson',
    params: {},
    tenants: ['acme'],
    pii_mode: 'redact',
  });
  await stage.api('PUT', '/admin/policies/default', {
    strategy: 'thompson',
    params: {},
    shadow: ['thrifty'],
  });
  const answers = await askAs(stage, 'acme', 12);
  for (const { request_id } of answers.slice(0, 8)) await scoreAs(stage, 'acme', request_id, 0.8);
};
