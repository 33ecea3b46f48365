import { describe, expect, it } from 'vitest';
import { Output } from '../../../cli/output.ts';

const made = (isTTY: boolean, isJson = false, env: Record<string, string> = {}) => {
  const written = { out: '', err: '' };
  const out = new Output(
    {
      stdout: { isTTY, write: (text) => (written.out += text) },
      stderr: { isTTY, write: (text) => (written.err += text) },
      env,
    },
    isJson,
  );
  return { out, written };
};

const ROWS = [
  { id: 'a', price: { input: 1 }, note: 'one\ntwo' },
  { id: 'longer', note: null },
];

describe('a listing', () => {
  it('is a table whose columns stand below each other', () => {
    const { out, written } = made(false);
    out.rows(ROWS, ['id', 'price', 'note']);

    expect(written.out).toBe(
      'id      price        note\na       {"input":1}  one two\nlonger  -            -\n',
    );
  });

  it('is one line of JSON for scripts, whole', () => {
    const { out, written } = made(true, true);
    out.rows(ROWS, ['id']);

    expect(written.out).toBe(`${JSON.stringify(ROWS)}\n`);
  });

  it('of nothing says so beside the answer, and is empty for scripts', () => {
    const people = made(false);
    people.out.rows([], ['id']);
    const scripts = made(false, true);
    scripts.out.rows([], ['id']);

    expect(people.written).toEqual({ out: '', err: 'Nothing to show.\n' });
    expect(scripts.written.out).toBe('[]\n');
  });

  it('cuts what is too wide', () => {
    const { out, written } = made(false);
    out.rows([{ id: 'x'.repeat(500) }], ['id']);

    expect(written.out.split('\n')[1]).toBe(`${'x'.repeat(59)}…`);
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal (%s) with %j: %s', (isTTY, env, coloured) => {
    const { out, written } = made(isTTY, false, env);
    out.rows(ROWS, ['id']);
    out.complain('no');

    expect(written.out.includes('\u001b[')).toBe(coloured);
    expect(written.err.includes('\u001b[')).toBe(coloured);
  });
});

describe('what others said', () => {
  const EVIL = 'a\u001b]0;title\u0007b\u202ec';

  it('steers no terminal, neither as a cell nor as an answer', () => {
    const { out, written } = made(true, false, { NO_COLOR: '1' });
    out.rows([{ id: EVIL }], ['id']);
    out.record({ id: EVIL });
    out.text(`${EVIL}\n`);
    out.complain(EVIL);

    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(written.out + written.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('goes into a file as it is', () => {
    const { out, written } = made(false);
    out.text(EVIL);

    expect(written.out).toBe(EVIL);
  });
});
