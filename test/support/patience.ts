/** For `vi.waitFor`, which by itself waits a second: a busy machine may take longer, and an idle one waits no longer than it needs. */
export const PATIENT = { timeout: 60_000, interval: 20 };
