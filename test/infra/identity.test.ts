import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { readIdentity } from '../../shared/config/identity-file.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const ISSUERS = [
  {
    issuer: 'https://issuer.example',
    audience: 'atp',
    tenant: { claim: 'tenant' },
    roles: { claim: 'roles', map: { callers: 'caller' } },
  },
];
const CERTIFICATES = [{ subject: 'CN=billing,O=Acme', tenant_id: 'acme', roles: ['caller'] }];
const DOMAIN = {
  name: 'api.acme.example',
  certificate_arn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
};
const TRUSTSTORE = { bucket: 'acme-trust', key: 'ca.pem', version: 'v7' };

const stage = (file: object) => synthesize('prod', { identity: readIdentity(JSON.stringify(file), false) });

const withAll = stage({
  issuers: ISSUERS,
  certificates: CERTIFICATES,
  domain: { ...DOMAIN, truststore: TRUSTSTORE },
});
const plain = synthesize('prod');

const GUARDED = ['admin', 'completions', 'feedback', 'mcp', 'series', 'status', 'ws-gate', 'ws-message'];

const namesWith = ({ gateway }: typeof plain, variable: string): string[] =>
  resourcesOf([gateway], 'AWS::Lambda::Function')
    .filter(([, { Properties }]) => JSON.stringify(Properties.Environment ?? {}).includes(`"${variable}"`))
    .map(([, { Properties }]) => String(Properties.FunctionName).replace('atp-prod-', ''))
    .sort();

describe('a stage that trusts issuers and certificates', () => {
  test('tells them to every function that knows who calls, and to no other', () => {
    expect(namesWith(withAll, 'OIDC_ISSUERS')).toEqual(GUARDED);
    expect(namesWith(withAll, 'CLIENT_CERTIFICATES')).toEqual(GUARDED);
    withAll.gateway.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'atp-prod-completions',
      Environment: {
        Variables: {
          OIDC_ISSUERS: JSON.stringify(ISSUERS),
          CLIENT_CERTIFICATES: JSON.stringify(CERTIFICATES),
          OIDC_ALLOW_LOOPBACK: Match.absent(),
        },
      },
    });
  });

  test('has a domain that asks for a certificate, and no other address', () => {
    withAll.gateway.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: DOMAIN.name,
      RegionalCertificateArn: DOMAIN.certificate_arn,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
      MutualTlsAuthentication: { TruststoreUri: 's3://acme-trust/ca.pem', TruststoreVersion: 'v7' },
    });
    withAll.gateway.resourceCountIs('AWS::ApiGateway::BasePathMapping', 1);
    withAll.gateway.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    withAll.gateway.hasOutput('Url', { Value: 'https://api.acme.example/' });
  });

  test('has no finding without a reason', () => {
    expect(new AwsSolutionsChecks(withAll.app).validateScope(withAll.app).violations).toEqual([]);
  });
});

test('a domain without a truststore asks for no certificate, and the API keeps its own address', () => {
  const { gateway } = stage({ domain: DOMAIN });

  gateway.hasResourceProperties('AWS::ApiGateway::DomainName', { MutualTlsAuthentication: Match.absent() });
  gateway.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: false });
});

test('a stage that names none has neither', () => {
  expect(namesWith(plain, 'OIDC_ISSUERS')).toEqual([]);
  plain.gateway.resourceCountIs('AWS::ApiGateway::DomainName', 0);
});

describe('the use of keys', () => {
  test('is written by every function that knows who calls, into a partition of its own', () => {
    const puts = resourcesOf([plain.gateway], 'AWS::IAM::Policy').flatMap(([name, { Properties }]) => {
      const { Statement } = (Properties as { PolicyDocument: { Statement: object[] } }).PolicyDocument;
      return Statement.map((statement) => JSON.stringify(statement))
        .filter((text) => text.includes('dynamodb:PutItem') && text.includes('Config'))
        .map((text) => [name, text.includes('"dynamodb:LeadingKeys":["key-uses"]')] as const);
    });

    // Who administers writes all of the configuration.
    expect(puts.filter(([, isNarrow]) => !isNarrow).map(([name]) => name)).toEqual([
      expect.stringMatching(/^Admin/),
    ]);
    expect(puts.filter(([, isNarrow]) => isNarrow)).toHaveLength(GUARDED.length - 1);
    plain.gateway.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:PutItem',
            Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['key-uses'] } },
          }),
        ]),
      },
    });
  });
});
