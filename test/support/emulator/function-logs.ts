/** What the functions wrote, from the emulator's CloudWatch Logs. Emulators check no signatures, so a plain POST will do. */
import { CREDENTIALS } from './ministack.ts';

interface Page {
  nextToken?: string;
}

interface Groups extends Page {
  logGroups?: { logGroupName: string }[];
}

interface Events extends Page {
  events?: { message: string }[];
}

const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.AWS_ACCESS_KEY_ID}/20260101/${CREDENTIALS.AWS_REGION}/logs/aws4_request, SignedHeaders=host, Signature=0`;

const call = async <Reply>(endpoint: string, action: string, input: object): Promise<Reply> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Logs_20140328.${action}`,
      authorization: AUTHORIZATION,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${action} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Reply;
};

async function* pages<Reply extends Page>(
  endpoint: string,
  action: string,
  input: object,
): AsyncGenerator<Reply> {
  let nextToken: string | undefined;
  do {
    const page = await call<Reply>(endpoint, action, { ...input, ...(nextToken && { nextToken }) });
    yield page;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

export const readFunctionLogs = async (endpoint: string): Promise<string> => {
  const lines: string[] = [];
  const filter = { logGroupNamePrefix: '/aws/lambda/atp-' };
  for await (const { logGroups = [] } of pages<Groups>(endpoint, 'DescribeLogGroups', filter)) {
    for (const { logGroupName } of logGroups) {
      for await (const { events = [] } of pages<Events>(endpoint, 'FilterLogEvents', { logGroupName }))
        lines.push(...events.map(({ message }) => message));
    }
  }
  return lines.join('\n');
};
