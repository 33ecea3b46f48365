import { describe, expect, it } from 'vitest';
import { previewReply } from '../../../../shared/model/console-replies.ts';
import { PII_MODES } from '../../../../shared/model/policy.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

const TEXT = 'Mail john.doe@example.com, and john.doe@example.com again';
const MASKED = 'Mail [REDACTED:EMAIL], and [REDACTED:EMAIL] again';

const preview = async (gateway: FakeGateway, body: object) => {
  const { status, text } = await gateway.asAdmin('POST /admin/privacy/preview', { body });
  expect(status).toBe(200);
  return previewReply.parse(JSON.parse(text));
};

describe('POST /admin/privacy/preview', () => {
  it.each([
    ['off', TEXT, TEXT],
    ['observe', MASKED, TEXT],
    ['redact', MASKED, MASKED],
    ['pseudonymise', MASKED, 'Mail [EMAIL_1], and [EMAIL_1] again'],
    ['block', MASKED, null],
  ] as const)('by %s', async (mode, masked, sent) => {
    const found = await preview(new FakeGateway(), { text: TEXT, mode });

    expect(found).toMatchObject({ mode, masked, sent, detector: 'rules', partial: false });
    expect(found.findings.map(({ start, end }) => TEXT.slice(start, end))).toEqual([
      'john.doe@example.com',
      'john.doe@example.com',
    ]);
  });

  it.each(PII_MODES)('lets pass what holds nothing by %s', async (mode) => {
    expect(await preview(new FakeGateway(), { text: 'Nothing here', mode })).toMatchObject({
      findings: [],
      masked: 'Nothing here',
      sent: 'Nothing here',
    });
  });

  it('keeps, logs and counts nothing of it', async () => {
    const gateway = new FakeGateway();
    await preview(gateway, { text: TEXT });

    expect(gateway.log.endings.at(-1)?.scope.facts).toEqual({});
    expect((await gateway.observations.list({ limit: 10 })).items).toEqual([]);
    expect((await gateway.auditStore.list({ limit: 10 })).items).toEqual([]);
  });

  it.each([
    ['/text', { text: '' }],
    ['/text', { text: 'x'.repeat(20_001) }],
    ['/mode', { text: 'x', mode: 'shout' }],
    ['/detector', { text: 'x', detector: 'guess' }],
    ['/model', { text: 'x', model: 'm' }],
  ])('names %s', async (path, body) => {
    const { status, json } = await new FakeGateway().asAdmin('POST /admin/privacy/preview', { body });

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });
});
