/** wrk (Debian's package) as the load generator, where it is installed: written in C, it takes less of the processor than ours. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadResult, LoadTarget } from './load.ts';

export const hasWrk = (): boolean => {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // It knows no option that only tells its version, and exits with 1.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
};

const QUANTILES = Array.from({ length: 999 }, (_, index) => (index + 1) / 10);

const script = ({ headers, body }: LoadTarget): string => {
  const all = { 'content-type': 'application/json', ...headers };
  const assigned = Object.entries(all).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  );
  return `wrk.method = "POST"
wrk.body = ${JSON.stringify(body)}
${assigned.join('\n')}
done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("\\nRESULT %d %d %d", summary.requests, summary.duration, failed))
  for _, q in ipairs({${QUANTILES.join(',')}}) do io.write(string.format(" %d", latency:percentile(q))) end
end
`;
};

/** Latencies are its thousand quantiles, not each request's. */
export const runWrk = async (
  target: LoadTarget,
  connections: number,
  seconds: number,
): Promise<LoadResult> => {
  const directory = mkdtempSync(join(tmpdir(), 'atp-wrk-'));
  const file = join(directory, 'request.lua');
  writeFileSync(file, script(target));
  try {
    const url = `http://127.0.0.1:${target.port}${target.path}`;
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', file, url];
    const { stdout } = await promisify(execFile)('wrk', args);
    const numbers = /^RESULT (.*)$/m.exec(stdout)?.[1]?.split(' ').map(Number) ?? [];
    const [requests = 0, microseconds = 1, failures = 0, ...latencies] = numbers;
    return {
      requests,
      failures,
      seconds: microseconds / 1e6,
      latencies: Float64Array.from(latencies, (one) => one / 1_000),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
