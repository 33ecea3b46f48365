/**
 * The benchmark that each prompt of the nine models' set was taken from. The set does not say, but its rows stand in that order,
 * as their forms show. A caller knows what it asks for: this is the honest name of a task, where the set's own follows outcomes.
 */
type Block = readonly [rows: number, source: string];

const TRAIN: readonly Block[] = [
  [150, 'logic_grid'],
  [200, 'mgsm'],
  [150, 'commongen'],
  [500, 'natural_qa'],
  [500, 'trivia_qa'],
  [500, 'mmlu'],
  [448, 'gpqa'],
  [498, 'mbpp'],
  [164, 'human_eval'],
  [500, 'gsm8k'],
  [500, 'commonsense_qa'],
  [504, 'math'],
  [493, 'openbook_qa'],
  [501, 'arc_challenge'],
];
const TEST: readonly Block[] = [
  'logic_grid',
  'mgsm',
  'commongen',
  'natural_qa',
  'trivia_qa',
  'mmlu',
  'gpqa',
  'mbpp',
  'human_eval',
  'gsm8k',
].map((source): Block => [50, source]);

const SOURCES = [...TRAIN, ...TEST].flatMap(([rows, source]) => new Array<string>(rows).fill(source));

/** One a row of train and test together; undefined where they are not the rows that this was written for. */
export const sourcesOf = (rows: number): readonly string[] | undefined =>
  rows === SOURCES.length ? SOURCES : undefined;
