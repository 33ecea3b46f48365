/** Links between the documents lead somewhere. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const DOCUMENTS = [...globSync('*.md'), ...globSync('docs/**/*.md')].sort();
const LINK = /\]\((?<target>[^)\s]+)\)/g;

/** As GitHub makes them. */
const anchorsOf = (file: string): Set<string> =>
  new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => /^#{1,6} (?<title>.*)$/.exec(line)?.groups?.title ?? [])
      .map((title) =>
        title
          .toLowerCase()
          .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
          .trim()
          .replace(/\s/g, '-'),
      ),
  );

const broken = (file: string): string[] => {
  const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(LINK)].flatMap(({ groups }) => {
    const [path = '', anchor] = (groups?.target ?? '').split('#');
    if (/^[a-z]+:/.test(path)) return [];
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(target)) return [`${file}: ${path}`];
    const isLost = anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
    return isLost ? [`${file}: ${path}#${anchor}`] : [];
  });
};

it.each(DOCUMENTS)('the links of %s', (file) => {
  expect(broken(file)).toEqual([]);
});
