import { beforeEach, describe, expect, it } from 'vitest';
import { proxyEvent } from '../../../local/gateway/event.ts';
import { ROUTES } from '../../../shared/config/routes.ts';
import { certificateOf } from '../../../shared/middleware/authenticate.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';

const SUBJECT = 'CN=billing,OU=Finance,O=Acme';
const ISSUER = 'CN=Acme Root,O=Acme';
const CERTIFICATE = { subjectDN: SUBJECT, issuerDN: ISSUER };

describe('a client certificate that API Gateway has verified', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway({
      certificates: [
        {
          subject: SUBJECT,
          issuer: ISSUER,
          tenant_id: 'acme',
          roles: ['developer'],
          scopes: ['models:read'],
        },
      ],
    });
  });

  it('lets its mapped subject in, as its tenant, within its roles and scopes', async () => {
    const call = { certificate: CERTIFICATE };
    const replies = [
      await gateway.call('GET /v1/models', call),
      await gateway.call('GET /v1/models', { ...call, headers: { 'x-tenant-id': 'globex' } }),
      await gateway.call('POST /v1/plan', { ...call, body: { prompt: 'p' } }),
      await gateway.call('GET /admin/keys', call),
    ];

    expect(replies.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
    expect(gateway.log.endings[0]?.scope.principal).toMatchObject({
      key_id: expect.stringMatching(/^cert-[0-9a-f]{24}$/),
      tenant_id: 'acme',
    });
  });

  it.each([
    ['another subject', { subjectDN: 'CN=other,O=Acme', issuerDN: ISSUER }],
    ['part of the subject', { subjectDN: 'CN=billing', issuerDN: ISSUER }],
    ['another issuer', { subjectDN: SUBJECT, issuerDN: 'CN=Other Root' }],
  ])('with %s is nobody', async (_name, certificate) => {
    expect((await gateway.call('GET /v1/models', { certificate })).status).toBe(401);
  });

  it('does not mend a bad key, and does not stand in the way of a good one', async () => {
    const key = await gateway.keyOf('globex');
    const bad = await gateway.call('GET /v1/models', { certificate: CERTIFICATE, key: `${key}x` });
    const good = await gateway.call('GET /v1/models', { certificate: CERTIFICATE, key });

    expect([bad.status, good.status]).toEqual([401, 200]);
    expect(gateway.log.endings.at(-1)?.scope.principal?.tenant_id).toBe('globex');
  });

  it.each([
    'x-client-cert',
    'x-amzn-mtls-clientcert-subject',
    'x-forwarded-client-cert',
    'ssl-client-subject-dn',
  ])('is not believed of the header %s', async (header) => {
    expect((await gateway.call('GET /v1/models', { headers: { [header]: SUBJECT } })).status).toBe(401);
  });

  it('is never there at home, whatever a client sends', () => {
    const route = ROUTES.find(({ resource }) => resource === '/v1/models');
    if (route === undefined) throw new Error('it is there');
    const event = proxyEvent({
      route,
      parameters: null,
      method: 'GET',
      path: '/v1/models',
      query: 'clientCert=x',
      rawHeaders: ['clientCert', SUBJECT, 'X-Client-Cert', SUBJECT],
      body: undefined,
      sourceIp: '127.0.0.1',
      protocol: 'HTTP/1.1',
      requestId: 'r',
    });

    expect(certificateOf(event)).toBeUndefined();
  });
});
