/**
 * The console's pages, and the stage's API beside them: one origin, so that no other site may read what the API answers, and
 * the pages' policy names nobody. `npm run deploy` puts the files into the bucket.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { consoleHeaders } from '../../shared/config/console-headers.ts';
import { consoleConfig, signInOrigins } from '../../shared/config/console-sign-in.ts';
import type { StageOptions } from '../stage.ts';
import type { GatewayStack } from './gateway-stack.ts';

export interface ConsoleStackProps {
  stage: StageOptions;
  gateway: GatewayStack;
}

const REWRITE = join(import.meta.dirname, '../constructs/console-rewrite.js');
/** What a page says of itself beside what CloudFront has names for. */
const NAMED = new Set([
  'content-security-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
]);
/** The routes that the console calls. */
const API_PATHS = ['/admin/*', '/v1/*'];
/** A stream says something every 15 s. */
const SILENCE = Duration.seconds(60);

export class ConsoleStack extends Stack {
  readonly bucket: Bucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { stage, gateway }: ConsoleStackProps) {
    super(scope, id, {
      description: 'ATP Router: the console',
      terminationProtection: stage.keepData,
    });
    this.bucket = new Bucket(this, 'Pages', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // Nothing in it that a build does not make again.
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const api = this.#api(stage, gateway);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `ATP Router console, ${stage.name}`,
      defaultBehavior: this.#pages(stage),
      additionalBehaviors: Object.fromEntries(API_PATHS.map((path) => [path, api])),
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      priceClass: PriceClass.PRICE_CLASS_100,
    });
    new CfnOutput(this, 'Url', { value: `https://${this.distribution.distributionDomainName}/console/` });
    new CfnOutput(this, 'Bucket', { value: this.bucket.bucketName });
    // What `npm run deploy` puts beside the pages: it agrees with the policy that they are sent with.
    new CfnOutput(this, 'Config', { value: consoleConfig(stage.identity.console) });
  }

  #pages(stage: StageOptions): BehaviorOptions {
    const rewrite = new EdgeFunction(this, 'Rewrite', {
      functionName: `atp-${stage.name}-console`,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(readFileSync(REWRITE, 'utf8')),
    });
    return {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: this.#headers(stage),
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: rewrite }],
    };
  }

  #api(stage: StageOptions, { api }: GatewayStack): BehaviorOptions {
    const timing = { readTimeout: SILENCE, protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY };
    const { domain } = stage.identity;
    const origin: IOrigin =
      domain === undefined
        ? new HttpOrigin(`${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
            ...timing,
            originPath: `/${api.deploymentStage.stageName}`,
          })
        : new HttpOrigin(domain.name, timing);
    return {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // The key is in a header; API Gateway goes by its own name.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      compress: false,
    };
  }

  #headers(stage: StageOptions): ResponseHeadersPolicy {
    const override = true;
    const headers = consoleHeaders(signInOrigins(stage.identity.console));
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `atp-${stage.name}-console`,
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          contentSecurityPolicy: headers['content-security-policy'],
          override,
        },
        contentTypeOptions: { override },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(headers)
          .filter(([name]) => !NAMED.has(name))
          .map(([header, value]) => ({ header, value, override })),
      },
    });
  }
}
