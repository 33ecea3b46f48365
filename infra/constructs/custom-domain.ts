/** The stage's own domain. With a truststore nobody gets in without a certificate of it. */
import { CfnOutput } from 'aws-cdk-lib';
import { DomainName, EndpointType, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DomainOptions } from '../../shared/config/identity-file.ts';

export class CustomDomain extends Construct {
  constructor(scope: Construct, id: string, { domain, api }: { domain: DomainOptions; api: RestApi }) {
    super(scope, id);
    const { name, certificate_arn, truststore } = domain;
    const made = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate_arn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      mapping: api,
      ...(truststore === undefined
        ? {}
        : {
            mtls: {
              bucket: Bucket.fromBucketName(this, 'Truststore', truststore.bucket),
              key: truststore.key,
              ...(truststore.version === undefined ? {} : { version: truststore.version }),
            },
          }),
    });
    new CfnOutput(scope, 'DomainTarget', {
      value: made.domainNameAliasDomainName,
      description: `Where ${name} has to point`,
    });
  }
}
