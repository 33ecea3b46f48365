/** Why the router said no: its problem document, or the vendor's form of one. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

export class RefusedError extends Error {
  readonly code: string;
  readonly status: number;
  readonly faults: readonly FieldFault[];
  readonly requestId: string | undefined;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, detail: string, status: number, problem: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.status = status;
    this.faults = Array.isArray(problem.errors) ? (problem.errors as FieldFault[]) : [];
    this.requestId = typeof problem.request_id === 'string' ? problem.request_id : undefined;
    this.more = problem;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A problem document, or OpenAI's and Anthropic's `{error: {message, type}}`. */
export const refusalOf = (status: number, text: string): RefusedError => {
  let parsed: Record<string, unknown> = {};
  try {
    parsed = record(JSON.parse(text));
  } catch {
    // Not JSON: a proxy answered; the status says what there is to say.
  }
  const vendor = record(parsed.error);
  const detail = parsed.detail ?? vendor.message ?? `The router answered ${status}.`;
  const code = parsed.code ?? vendor.code ?? vendor.type ?? 'error';
  return new RefusedError(String(code), String(detail), status, parsed);
};

export const refusal = async (response: Response): Promise<RefusedError> =>
  refusalOf(response.status, await response.text());

/** Faults by field, for forms: `/rate_limit/rps` → message. */
export const faultsByPath = (error: unknown): Readonly<Record<string, string>> =>
  error instanceof RefusedError ? Object.fromEntries(error.faults.map((f) => [f.path, f.message])) : {};
