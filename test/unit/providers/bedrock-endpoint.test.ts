import { describe, expect, it } from 'vitest';
import { regionOf, urlOf } from '../../../shared/adapters/providers/bedrock/endpoint.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { anAdapter } from '../../support/fakes/documents.ts';

const ARN = 'arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.vendor.m-v1:0';

describe('where a model of Bedrock is', () => {
  it.each<[Partial<Adapter>, string, string]>([
    [
      { model: 'vendor.m-v1:0' },
      'eu-west-1',
      'https://bedrock-runtime.eu-west-1.amazonaws.com/model/vendor.m-v1%3A0',
    ],
    [
      { model: ARN },
      'us-gov-west-1',
      `https://bedrock-runtime.us-gov-west-1.amazonaws.com/model/${encodeURIComponent(ARN)}`,
    ],
    [
      { model: 'm', base_url: 'https://vpce-1.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com/' },
      'ap-southeast-2',
      'https://vpce-1.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com/model/m',
    ],
    [{ model: 'm', base_url: 'http://127.0.0.1:1' }, 'eu-west-1', 'http://127.0.0.1:1/model/m'],
  ])('%j is in %s', (fields, region, url) => {
    const adapter = anAdapter('a', { provider: 'bedrock', ...fields });

    expect(regionOf(adapter, 'eu-west-1')).toBe(region);
    expect(urlOf(adapter, 'eu-west-1', false)).toBe(`${url}/converse`);
    expect(urlOf(adapter, 'eu-west-1', true)).toBe(`${url}/converse-stream`);
  });

  it("has China's own domain there", () => {
    expect(urlOf(anAdapter('a', { model: 'm' }), 'cn-north-1', false)).toMatch(
      /^https:\/\/bedrock-runtime\.cn-north-1\.amazonaws\.com\.cn\//,
    );
  });
});
