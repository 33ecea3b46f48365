import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { stageOptions } from '../../infra/stage.ts';
import { consolePolicy } from '../../shared/config/console-headers.ts';
import { readIdentity } from '../../shared/config/identity-file.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const { console: template, gateway } = synthesize('prod');
if (template === undefined) throw new Error('production has a console');

interface Behaviour {
  PathPattern?: string;
  ViewerProtocolPolicy: string;
  TargetOriginId: string;
  ResponseHeadersPolicyId?: unknown;
  OriginRequestPolicyId?: string;
  CachePolicyId: string;
}

const distribution = () => {
  const [[, found] = []] = resourcesOf([template], 'AWS::CloudFront::Distribution');
  return found?.Properties.DistributionConfig as {
    DefaultCacheBehavior: Behaviour;
    CacheBehaviors: Behaviour[];
    Origins: { Id: string; DomainName: unknown; OriginPath?: unknown; OriginAccessControlId?: unknown }[];
    CustomErrorResponses?: unknown;
  };
};

const originOf = ({ TargetOriginId }: Behaviour) =>
  distribution().Origins.find(({ Id }) => Id === TargetOriginId);

describe('the console', () => {
  test('lies in a bucket that its distribution alone reads', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 's3:GetObject',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
    expect(originOf(distribution().DefaultCacheBehavior)?.OriginAccessControlId).toBeDefined();
  });

  test('is sent with the policy that it is sent with at home', () => {
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: Match.objectLike({
          ContentSecurityPolicy: { ContentSecurityPolicy: consolePolicy(), Override: true },
          StrictTransportSecurity: Match.objectLike({ Override: true }),
          FrameOptions: { FrameOption: 'DENY', Override: true },
        }),
        CustomHeadersConfig: {
          Items: Match.arrayWith([Match.objectLike({ Header: 'cross-origin-opener-policy' })]),
        },
      },
    });
    expect(distribution().DefaultCacheBehavior.ResponseHeadersPolicyId).toBeDefined();
  });

  test("has the stage's API beside it, uncached, with the caller's headers, over HTTPS alone", () => {
    const api = distribution().CacheBehaviors;

    expect(api.map(({ PathPattern }) => PathPattern)).toEqual(['/admin/*', '/v1/*']);
    for (const behaviour of api) {
      expect(behaviour).toMatchObject({
        ViewerProtocolPolicy: 'https-only',
        // CachingDisabled and AllViewerExceptHostHeader, as AWS names them.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      });
      expect(originOf(behaviour)).toMatchObject({
        OriginPath: expect.anything(),
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
      });
      expect(JSON.stringify(originOf(behaviour)?.DomainName)).toContain('.execute-api.');
    }
    // They would put the page in the place of the API's own answers.
    expect(distribution().CustomErrorResponses).toBeUndefined();
    // One origin: no other site has leave to read what the API answers.
    expect(JSON.stringify(gateway.toJSON())).not.toMatch(/access-control-allow-origin/i);
  });

  test("is told of the stage's issuer, which it may call beside its own origin, and goes to the stage's own domain", () => {
    const domain = {
      name: 'router.example.com',
      certificate_arn: 'arn:aws:acm:us-east-1:000000000000:certificate/x',
    };
    const issuer = {
      issuer: 'https://login.example/realms/main',
      audience: 'https://atp.example',
      tenant: { default: 'default' },
      roles: { claim: 'groups', map: { ops: 'operator' } },
    };
    const signIn = { issuer: issuer.issuer, client_id: 'console', scopes: ['openid', 'email'] };
    const identity = readIdentity(JSON.stringify({ issuers: [issuer], console: signIn, domain }), false);
    const { console: trusting, gateway: trusted } = synthesize('dev', { identity });

    expect(JSON.parse(String(trusting?.findOutputs('Config').Config?.Value))).toEqual({
      api: '',
      sign_in: { ...signIn, connect: [], sign_out: 'issuer', accepts: ['https://atp.example'] },
    });
    trusting?.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: Match.objectLike({
          ContentSecurityPolicy: {
            ContentSecurityPolicy: consolePolicy(['https://login.example']),
            Override: true,
          },
        }),
      },
    });
    expect(template.findOutputs('Config').Config?.Value).toBe('{"api":""}');
    // The functions are told of the issuer, and nothing of the console.
    expect(JSON.stringify(trusted.toJSON())).not.toContain('client_id');
    expect(JSON.stringify(trusting?.toJSON())).toContain('"DomainName":"router.example.com"');
  });

  test.each([
    ['/', 302],
    ['/console', 302],
    ['/console/', '/console/index.html'],
    ['/console/tenants/acme', '/console/index.html'],
    ['/console/assets/index-AbCd1234.js', '/console/assets/index-AbCd1234.js'],
    ['/console/config.json', '/console/config.json'],
  ])('rewrites %s to %s', (uri, expected) => {
    const code = readFileSync(join(import.meta.dirname, '../../infra/constructs/console-rewrite.js'), 'utf8');
    const result = runInNewContext(`${code}; handler(event)`, { event: { request: { uri } } }) as {
      uri?: string;
      statusCode?: number;
    };

    expect(result.uri ?? result.statusCode).toBe(expected);
  });

  test('is there unless a stage goes without, is emulated, or asks for certificates', () => {
    const truststore = { bucket: 'b', key: 'k' };
    const identity = { variables: {}, domain: { name: 'x.example.com', certificate_arn: 'a', truststore } };

    expect(synthesize('dev', { console: false }).console).toBeUndefined();
    expect(synthesize('dev', { emulated: true }).console).toBeUndefined();
    expect(stageOptions('prod', { identity }).console).toBe(false);
    expect(() => stageOptions('prod', { identity, console: true })).toThrow(/cannot have a console/);
  });
});
