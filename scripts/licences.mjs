/** `npm run licences`: ends with 1 where something may not be used under its licence. Needs no network. */
import { readFileSync } from 'node:fs';
import { checkLock } from './licences/check.ts';

for (const path of ['package-lock.json', 'scripts/encoder/package-lock.json']) {
  const { counts, refused } = checkLock(JSON.parse(readFileSync(path, 'utf8')));
  const found = Object.entries(counts).sort(([, one], [, other]) => other - one);
  console.log(`${path}: ${found.map(([licence, count]) => `${licence} ${count}`).join(', ')}`);
  for (const { name, licence } of refused) console.error(`${path}: ${name} is under ${licence}`);
  if (refused.length > 0) process.exitCode = 1;
}
