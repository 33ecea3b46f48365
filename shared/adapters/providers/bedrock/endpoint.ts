/** Where a model of Bedrock is, and for which region its calls are signed. */
import type { Adapter } from '../../../model/adapter.ts';
import { escapeSegment } from '../../aws/sigv4.ts';

const IN_HOST = /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d+)\./;
const IN_ARN = /^arn:[a-z-]+:bedrock:([a-z]{2}(?:-[a-z]+)+-\d+):/;

/** That of the address, of the model's ARN, or the stage's own. */
export const regionOf = ({ base_url, model }: Adapter, own: string): string =>
  IN_HOST.exec(base_url === undefined ? '' : new URL(base_url).hostname)?.[1] ??
  IN_ARN.exec(model)?.[1] ??
  own;

export const urlOf = (adapter: Adapter, own: string, stream: boolean): string => {
  const region = regionOf(adapter, own);
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const base = adapter.base_url ?? `https://bedrock-runtime.${region}.${domain}`;
  const operation = stream ? 'converse-stream' : 'converse';
  return `${base.replace(/\/+$/, '')}/model/${escapeSegment(adapter.model)}/${operation}`;
};
