/** Where the gateway process spends its CPU time: V8's sampling profile under load, summed by whose code it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoad } from '../support/load.ts';
import { runStreamLoad } from '../support/stream-load.ts';
import { atpTarget, streaming } from './targets.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/^\((?:idle)\)$/, 'idle'],
  [/^\(garbage collector\)$/, 'garbage collector'],
  [/^\(program\)$/, 'native code outside JavaScript'],
];

const FILES: readonly (readonly [RegExp, string])[] = [
  [/node_modules\/@(aws-sdk|smithy)|node_modules\/@aws-crypto/, 'AWS SDK'],
  [/node_modules\/@aws-lambda-powertools|aws-xray/, 'Powertools'],
  [/node_modules\/@middy/, 'Middy'],
  [/node_modules\/zod/, 'zod'],
  [/node_modules\/undici/, 'undici'],
  [/node_modules\/([^/]+)/, 'other packages'],
  [/\/shared\/(services|adapters|middleware|observability)\//, 'shared/$1'],
  [/\/(functions|local)\//, '$1'],
  [/^node:/, 'Node'],
];

const ownerOf = (functionName: string, url: string): string => {
  for (const [pattern, owner] of OWNERS) if (pattern.test(functionName)) return owner;
  for (const [pattern, owner] of FILES) {
    const match = pattern.exec(url);
    if (match !== null) return owner.replace('$1', match[1] ?? '');
  }
  return 'V8 and others';
};

const summarise = (profile: Profile): Map<string, number> => {
  const owners = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame.functionName, callFrame.url)]),
  );
  const time = new Map<string, number>();
  for (const [index, sample] of profile.samples.entries()) {
    const owner = owners.get(sample) ?? 'V8 and others';
    time.set(owner, (time.get(owner) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return time;
};

export const profileTarget = async (
  upstreamPort: number,
  seconds: number,
  streams: boolean,
): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'atp-profile-'));
  const target = await atpTarget('atp, disk', upstreamPort, { env: { ATP_CPU_PROFILE_DIR: directory } });
  const load = async (s: number): Promise<number> =>
    streams
      ? (await runStreamLoad(streaming(target), 32, s)).streams
      : (await runLoad(target, 32, s)).requests;
  await load(2);
  const requests = await load(seconds);
  await target.stop();
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
    const time = summarise(JSON.parse(readFileSync(join(directory, file), 'utf8')) as Profile);
    const rows = [...time].filter(([owner]) => owner !== 'idle').sort((a, b) => b[1] - a[1]);
    const total = rows.reduce((sum, [, microseconds]) => sum + microseconds, 0);
    console.log(`\n${file}: ${(total / 1_000).toFixed(0)} ms of CPU, about ${requests} requests measured`);
    for (const [owner, microseconds] of rows) {
      console.log(`  ${((microseconds / total) * 100).toFixed(1).padStart(5)} %  ${owner}`);
    }
  }
  rmSync(directory, { recursive: true, force: true });
};
