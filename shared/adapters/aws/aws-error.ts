/** What an AWS service, or the way to it, answers instead of a result. Its name is the service's own, e.g. `ConditionalCheckFailedException`. */
type Fields = Readonly<Record<string, unknown>>;

/** Another try may pass: the service is busy, or the way to it was cut. */
const PASSING = new Set([
  'ConnectionError',
  'TimeoutError',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
]);

const OTHER_TIME = new Set([
  'InvalidSignatureException',
  'RequestTimeTooSkewed',
  'RequestExpired',
  'RequestInTheFuture',
]);

export class AwsError extends Error {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The rest of the error's document. */
  readonly fields: Fields;

  /** When the service answered, by its own clock, in milliseconds since the epoch. */
  readonly date: number | undefined;

  constructor(
    name: string,
    status: number,
    fields: Fields = {},
    { date, ...options }: ErrorOptions & { date?: number } = {},
  ) {
    // The message may quote an item, so it is left out.
    super(name, options);
    this.name = name;
    this.status = status;
    this.fields = fields;
    this.date = date;
  }

  static of(status: number, headers: Readonly<Record<string, unknown>>, body: string): AwsError {
    const fields = parseObject(body);
    const named = headers['x-amzn-errortype'] ?? fields.__type ?? `Http${status}`;
    // `com.amazonaws.dynamodb.v20120810#Name`, or `Name:http://…`.
    const name = String(named).replace(/:.*$/, '').replace(/^.*#/, '');
    const date = Date.parse(String(headers.date));
    return new AwsError(name, status, fields, Number.isNaN(date) ? {} : { date });
  }
}

/** The signature's time is not the service's. */
export const isOtherTime = (error: unknown): error is AwsError =>
  error instanceof AwsError && OTHER_TIME.has(error.name);

export const isPassing = (error: unknown): boolean =>
  error instanceof AwsError && (PASSING.has(error.name) || error.status >= 500);

const parseObject = (text: string): Fields => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
};
