/** How a command ends. Documented in docs/api/admin.md. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** Tells why, in words for the person who asked. */
export class Failure extends Error {
  readonly exitCode: number;
  /** What the server said, for `--json`. */
  readonly problem: unknown;

  constructor(exitCode: number, message: string, problem?: unknown) {
    super(message);
    this.exitCode = exitCode;
    this.problem = problem;
  }
}
