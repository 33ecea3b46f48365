/** Fenced blocks of the documents that say of themselves that they can be run: their info string is `sh test`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  readonly file: string;
  /** Of its first command, counted from 1. */
  readonly line: number;
  readonly code: string;
}

const FENCE = /^(?<fence>`{3,})(?<info>[^`]*)$/;

/** Throws where a fence is left open: what follows it would be run, or not, by mistake. */
export const blocksIn = (file: string, text: string): Block[] => {
  const blocks: Block[] = [];
  let open: { fence: string; info: string; line: number; code: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const { fence, info } = FENCE.exec(line)?.groups ?? {};
    if (open === undefined) {
      if (fence !== undefined) open = { fence, info: (info ?? '').trim(), line: index + 2, code: [] };
    } else if (fence !== undefined && fence.length >= open.fence.length && info?.trim() === '') {
      if (open.info === 'sh test') blocks.push({ file, line: open.line, code: open.code.join('\n') });
      open = undefined;
    } else open.code.push(line);
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1} opens a block that nothing closes`);
  return blocks;
};

export const documentBlocks = (root: string): Block[] =>
  [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root })]
    .sort()
    .flatMap((file) => blocksIn(file, readFileSync(join(root, file), 'utf8')));
