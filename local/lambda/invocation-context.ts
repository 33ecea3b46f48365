/** The context object of one invocation; what is the same for all of a function's lives on its template. */
import type { Context } from 'aws-lambda';

export interface FunctionTemplate {
  functionName: string;
  memoryLimitInMB: string;
}

const REGION_AND_ACCOUNT = 'us-east-1:000000000000';

export class InvocationContext implements Context {
  callbackWaitsForEmptyEventLoop = false;
  readonly functionName: string;
  readonly functionVersion = '$LATEST';
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName = 'local';
  readonly #deadline: number;

  /** `deadline` by the clock of performance.now(). */
  constructor(template: FunctionTemplate, requestId: string, deadline: number) {
    this.functionName = template.functionName;
    this.memoryLimitInMB = template.memoryLimitInMB;
    this.invokedFunctionArn = `arn:aws:lambda:${REGION_AND_ACCOUNT}:function:${template.functionName}`;
    this.logGroupName = `/aws/lambda/${template.functionName}`;
    this.awsRequestId = requestId;
    this.#deadline = deadline;
  }

  getRemainingTimeInMillis(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  done(): void {}

  fail(): void {}

  succeed(): void {}
}
