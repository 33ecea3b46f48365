import { describe, expect, it } from 'vitest';
import { blocksIn } from '../../support/docs/blocks.ts';
import { runBlock } from '../../support/docs/run-block.ts';

const DOCUMENT = `# Title
\`\`\`sh test
echo one
\`\`\`
\`\`\`sh
rm -rf everything
\`\`\`
\`\`\`\`md
\`\`\`sh test
quoted
\`\`\`
\`\`\`\`
\`\`\`sh test
echo two
echo three
\`\`\`
`;

describe('blocks of documents', () => {
  it('are run only where they say so, and know their place', () => {
    expect(blocksIn('a.md', DOCUMENT)).toEqual([
      { file: 'a.md', line: 3, code: 'echo one' },
      { file: 'a.md', line: 14, code: 'echo two\necho three' },
    ]);
  });

  it('must be closed', () => {
    expect(() => blocksIn('a.md', 'x\n```sh test\necho')).toThrow('a.md:2 opens a block that nothing closes');
  });
});

describe('a block', () => {
  const options = { cwd: '/tmp', env: { WHO: 'you' }, withinMs: 4_000 };

  it('is run with its variables', async () => {
    expect(await runBlock({ code: 'echo "hello $WHO"' }, options)).toEqual({
      code: 0,
      output: 'hello you\n',
    });
  });

  it.each(['false\necho done', 'echo $UNKNOWN_NAME', 'false | cat', 'curl -s http://127.0.0.1:9/'])(
    'fails where any of it does: %j',
    async (code) => {
      expect((await runBlock({ code }, options)).code).not.toBe(0);
    },
  );

  it('is ended with all that it started when its time is over', async () => {
    const { code, output } = await runBlock({ code: 'sleep 60 & wait' }, { ...options, withinMs: 200 });

    expect(code).toBe(null);
    expect(output).toContain('not done within 200 ms');
  });
});
