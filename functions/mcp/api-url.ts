/** Where this API is. A function cannot be told when it is deployed: the API is made of its functions. */
import type { APIGatewayProxyEvent } from 'aws-lambda';

export interface ApiUrlOptions {
  /** Where it is known beforehand. */
  own: string | undefined;
  /** AWS's endpoint, where that is not AWS; it serves APIs below itself. */
  emulator: string | undefined;
}

/** API Gateway names its domain itself; nothing a caller sends goes into it. */
export const apiUrl = (
  { requestContext }: APIGatewayProxyEvent,
  { own, emulator }: ApiUrlOptions,
): string => {
  if (own !== undefined) return own;
  const { apiId, domainName, stage } = requestContext;
  if (emulator !== undefined) return `${emulator}/restapis/${apiId}/${stage}/_user_request_`;
  return `https://${domainName}/${stage}`;
};
