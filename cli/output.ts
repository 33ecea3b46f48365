/** What a command prints: tables for people, JSON for scripts. Colours on a terminal alone; nothing can steer the terminal. */
import { styleText } from 'node:util';

export interface Stream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export type Row = Readonly<Record<string, unknown>>;

const WIDEST = 60;
const GAP = '  ';

/** Control characters of what was stored or said by somebody else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

export const harmless = (text: string): string => text.replace(CONTROL, '\ufffd');

const wantsColour = (stream: Stream, env: Readonly<Record<string, string | undefined>>): boolean =>
  stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return '-';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return harmless(text.replaceAll(/\s+/g, ' '));
};

const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

export class Output {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly isJson: boolean;

  constructor(
    streams: { stdout: Stream; stderr: Stream; env: Readonly<Record<string, string | undefined>> },
    isJson: boolean,
  ) {
    this.#stdout = streams.stdout;
    this.#stderr = streams.stderr;
    this.#env = streams.env;
    this.isJson = isJson;
  }

  /** One line of JSON. */
  json(value: unknown): void {
    this.#stdout.write(`${JSON.stringify(value)}\n`);
  }

  text(text: string): void {
    this.#stdout.write(this.#stdout.isTTY === true ? harmless(text) : text);
  }

  /** Beside the answer. */
  aside(text: string): void {
    this.#stderr.write(`${this.#paint('dim', harmless(text), this.#stderr)}\n`);
  }

  complain(text: string): void {
    this.#stderr.write(`${this.#paint('red', harmless(text), this.#stderr)}\n`);
  }

  /** A listing: a table of the columns that any row has, or the whole as JSON. */
  rows(rows: readonly unknown[], columns: readonly string[]): void {
    if (this.isJson) {
      this.json(rows);
      return;
    }
    if (rows.length === 0) {
      this.aside('Nothing to show.');
      return;
    }
    const cells = (rows as readonly Row[]).map((row) => columns.map((name) => cut(cellOf(row[name]))));
    const widths = columns.map((name, column) =>
      Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
    );
    const line = (row: readonly string[]): string =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(GAP)
        .trimEnd();
    this.#stdout.write(`${this.#paint('bold', line(columns), this.#stdout)}\n`);
    for (const row of cells) this.#stdout.write(`${line(row)}\n`);
  }

  /** One thing: its fields line by line, or the whole as JSON. */
  record(value: unknown): void {
    if (this.isJson) {
      this.json(value ?? null);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    const width = Math.max(0, ...fields.map(([name]) => name.length));
    for (const [name, field] of fields) {
      const label = this.#paint('bold', name.padEnd(width), this.#stdout);
      this.#stdout.write(`${label}${GAP}${cellOf(field)}\n`);
    }
  }

  /** Nothing came back: a word for people, `null` for scripts. */
  done(words: string): void {
    if (this.isJson) this.json(null);
    else this.aside(words);
  }

  #paint(style: 'bold' | 'dim' | 'red', text: string, stream: Stream): string {
    return wantsColour(stream, this.#env) ? styleText(style, text, { validateStream: false }) : text;
  }
}
