import { describe, expect, it } from 'vitest';
import { readLabelSet } from '../../../../shared/adapters/pii/model/label-set.ts';
import { NameJudge } from '../../../../shared/adapters/pii/model/name-judge.ts';
import { type Batch, TextModel } from '../../../../shared/adapters/pii/model/text-model.ts';
import { Vocabulary } from '../../../../shared/adapters/pii/model/word-pieces.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

const TYPES = ['PERSON', 'ADDRESS'];
const LABELS = [
  'O',
  ...TYPES.flatMap((type) => ['B', 'I', 'E', 'S'].map((position) => `${position}-${type}`)),
];
const SIZE = 6;
const labels = readLabelSet(
  JSON.stringify({
    version: 'test',
    labels: LABELS,
    window: SIZE + 2,
    overlap: 2,
    thresholds: { PERSON: 0.5, ADDRESS: 0.5 },
  }),
);
/** Each word is a label, drawn as the likeliest of its token; `w` and `##w` are of no account. */
const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'w',
  '##w',
  'o',
  'bp',
  'ip',
  'ep',
  'sp',
  'ba',
  'ia',
  'ea',
  'sa',
];
const FIRST_LABEL = WORDS.indexOf('o');
const vocabulary = new Vocabulary(WORDS.join('\n'));

const logitsOf = ({ rows, tokens, ids, mask }: Batch, sure: number): Float32Array => {
  const logits = new Float32Array(rows * tokens * LABELS.length);
  for (const [at, id] of ids.entries()) {
    const label = Number(id) - FIRST_LABEL;
    if (mask[at] === 1n && label >= 0) logits[at * LABELS.length + label] = sure;
  }
  return logits;
};

const setUp = ({
  sure = 20,
  msPerBatch = 0,
  names,
}: {
  sure?: number;
  msPerBatch?: number;
  names?: NameJudge;
} = {}) => {
  const clock = new ManualClock();
  const batches: { rows: number; tokens: number; cases: number[] }[] = [];
  let elapsed = 0;
  const model = new TextModel({
    vocabulary,
    labels,
    run: async (batch) => {
      batches.push({ rows: batch.rows, tokens: batch.tokens, cases: [...batch.cases].map(Number) });
      elapsed += msPerBatch;
      return logitsOf(batch, sure);
    },
    now: () => clock.now() + elapsed,
    ...(names === undefined ? {} : { names }),
  });
  const read = async (texts: readonly string[], budgetMs = 1_000) => {
    const readings = await model.read(texts, clock.now() + elapsed + budgetMs);
    return readings.map(({ spans, complete }, index) => ({
      found: spans.map(({ start, end, type }) => `${type} ${texts[index]?.slice(start, end)}`),
      complete,
    }));
  };
  return { model, batches, read };
};

const found = async (text: string, sure?: number): Promise<string[]> =>
  (await setUp(sure === undefined ? {} : { sure }).read([text]))[0]?.found ?? [];

describe('a text through the model', () => {
  it('gives the spans that its labels say', async () => {
    expect(await found('O Sp o Bp Ip Ep o Sa Ba Ea')).toEqual([
      'PERSON Sp',
      'PERSON Bp Ip Ep',
      'ADDRESS Sa',
      'ADDRESS Ba Ea',
    ]);
  });

  it.each([
    ['an end without a beginning', 'O Ep o', []],
    ['a beginning without an end', 'O Bp', []],
    ['a beginning of one type and an end of another', 'O Bp Ea o', []],
    ['a single one amid a span', 'Bp Sp Ep', ['PERSON Bp Sp Ep']],
  ])('allows no %s', async (_name, text, spans) => {
    expect((await found(text)).filter((span) => span !== 'PERSON Bp' && span !== 'PERSON Ep')).toEqual(spans);
  });

  it('lets no name go over the end of a line', async () => {
    expect(await found('Bp Ip\n Ip\r\nEp Ba\nEa')).toEqual([
      'PERSON Bp Ip',
      'PERSON Ip',
      'PERSON Ep',
      'ADDRESS Ba\nEa',
    ]);
  });

  it('keeps to itself what it is not sure of', async () => {
    // One of nine labels, its type’s four with it, gets e^s / (e^s + 8) and a bit.
    expect(await found('Sp', 1.5)).toEqual(['PERSON Sp']);
    expect(await found('Sp', 1)).toEqual(['PERSON Sp']);
    expect(await found('Sp', 0.2)).toEqual([]);
  });

  it('is the same over any number of windows, also of a span across their border', async () => {
    for (let before = 0; before < 3 * SIZE; before++) {
      const text = `${'O '.repeat(before)}Bp Ip Ip Ep o o o o o o o Sa`;
      expect(await found(text), `${before} words before`).toEqual(['PERSON Bp Ip Ip Ep', 'ADDRESS Sa']);
    }
  });

  it('goes in windows that overlap, the short ones together', async () => {
    const { batches, read } = setUp();
    await read(['Sp '.repeat(10), 'Sp', 'Sa']);

    expect(batches.map(({ rows, tokens }) => [rows, tokens])).toEqual([
      [1, SIZE + 2],
      [1, SIZE + 2],
      [2, 3],
    ]);
  });

  it('tells the model each word’s case', async () => {
    const { batches, read } = setUp();
    await read(['Sp O bp BP bP']);

    expect(batches[0]?.cases).toEqual([0, 2, 2, 1, 3, 4, 0]);
  });

  it('stops when its time is over, and says so', async () => {
    const { read } = setUp({ msPerBatch: 30 });
    const long = 'Sp '.repeat(100);
    const [first, second] = await read([long, 'Sa o o o'], 100);

    expect([first?.complete, second?.complete]).toEqual([false, false]);
    expect(first?.found.length).toBeGreaterThan(2 * SIZE);
    expect(first?.found.length).toBeLessThan(5 * SIZE);
  });

  it('tries again after a batch that took too long', async () => {
    const { read } = setUp({ msPerBatch: 150 });
    expect((await read(['Sp'], 100))[0]?.complete).toBe(true);
    expect((await read(['Sp'], 100))[0]?.complete).toBe(false);
    expect((await read(['Sp'], 100))[0]?.complete).toBe(true);
  });

  it('does not ask the model what cannot hold a name', async () => {
    const { batches, read } = setUp();

    expect(await read(['', '...', '1 2 3 a'])).toEqual(
      Array.from({ length: 3 }, () => ({ found: [], complete: true })),
    );
    expect(batches).toEqual([]);
  });

  it('does not take a model of other labels', async () => {
    const model = new TextModel({ vocabulary, labels, run: async () => new Float32Array(1), now: () => 0 });

    await expect(model.read(['Sp'], 1)).rejects.toThrow('other labels');
  });
});

describe('a text through both stages', () => {
  const EMPTY_LIST = 'AA==';
  /** Knows no name; believes the model, and likes capitals. */
  const judge = (proposeOutside: number): NameJudge =>
    new NameJudge(
      JSON.stringify({
        proposeOutside,
        cues: { story: { side: 'text', pattern: 'story', anyCase: true } },
        fiction: { asks: 'write a story', real: 'my\\s+' },
        lists: { given: EMPTY_LIST, known: EMPTY_LIST, famous: EMPTY_LIST },
        weights: { score: 1, capital: 3, story: -1 },
        bias: -1,
      }),
    );
  const both = async (text: string, { proposeOutside = 0, sure = 20 } = {}): Promise<string[]> =>
    (await setUp({ sure, names: judge(proposeOutside) }).read([text]))[0]?.found ?? [];

  it('holds the second one’s judgement against the threshold', async () => {
    expect(await both('Sp sp', { sure: 2.2 })).toEqual(['PERSON Sp']);
    expect(await both('Sp Sa', { sure: 2.2 })).toEqual(['PERSON Sp', 'ADDRESS Sa']);
  });

  it('proposes what the likeliest path has not', async () => {
    const text = 'w O W Sa';
    // To `w` each label is as likely as another, and the first of them is the likeliest.
    expect(await both(text)).toEqual(['ADDRESS Sa']);
    expect((await both(text, { proposeOutside: 3 })).length).toBeGreaterThan(0);
  });

  it('takes names in a text that asks for a story for nobody’s', async () => {
    expect(await both('Write a story about Sp')).toEqual([]);
    expect(await both('Write a story about my Sp')).toEqual(['PERSON Sp']);
    expect(await both('Tell the story of Sp')).toEqual(['PERSON Sp']);
  });

  it('does not where the text holds what only real people have', async () => {
    expect(await both('Write a story about Sp in Sa')).toEqual(['PERSON Sp', 'ADDRESS Sa']);
  });
});

describe('labels.json', () => {
  const good = { version: 1, labels: LABELS, window: 8, overlap: 2, thresholds: {} };

  it.each([
    ['an unknown type', { labels: ['O', 'B-DOG'] }],
    ['no O', { labels: ['B-PERSON'] }],
    ['an overlap as large as the window', { overlap: 6 }],
  ])('with %s is refused', (_name, wrong) => {
    expect(() => readLabelSet(JSON.stringify({ ...good, ...wrong }))).toThrow(TypeError);
  });

  it('without a whole set of a type’s labels is refused', () => {
    const set = readLabelSet(JSON.stringify({ ...good, labels: ['O', 'B-PERSON'] }));

    expect(
      () => new TextModel({ vocabulary, labels: set, run: async () => new Float32Array(), now: () => 0 }),
    ).toThrow('lacks I-PERSON');
  });
});
