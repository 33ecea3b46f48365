/** What a reply's headers mean, in the order in which they are worth reading. */
export interface ExplainedHeader {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

const MEANINGS: Readonly<Record<string, string>> = {
  'x-request-id': 'names this request everywhere: in the list of requests, in logs and for feedback',
  'x-atp-model': 'the model that answered',
  'x-atp-selector': 'which selector decided: Rust, or TypeScript while Rust is away',
  'x-atp-cost-usd': 'what the answer cost, dollars',
  'x-atp-cache': 'whether the policy’s cache had the answer',
  'x-atp-pii': 'partial: there was no time to look for names in all of it',
  'x-ratelimit-limit': 'requests that the tightest limit allows in its window',
  'x-ratelimit-remaining': 'what is left of it',
  'x-ratelimit-reset': 'seconds until its window begins anew',
  'retry-after': 'seconds to wait before another try',
};

export const explained = (headers: Headers): ExplainedHeader[] =>
  Object.entries(MEANINGS).flatMap(([name, meaning]) => {
    const value = headers.get(name);
    return value === null ? [] : [{ name, value, meaning }];
  });
