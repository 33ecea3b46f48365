/** Copies a child's output into a log; lines that are not JSON objects are wrapped, so that the log stays JSONL. */
import { writeSync } from 'node:fs';
import type { Readable } from 'node:stream';

const LONGEST_LINE = 64 * 1024;

export const copyLines = (stream: Readable, descriptor: number, source: string): void => {
  let rest = '';
  const emit = (lines: readonly string[]): void => {
    const text = lines
      .filter((line) => line.trim() !== '')
      .map((line) => (line.startsWith('{') && line.endsWith('}') ? line : wrap(source, line)))
      .join('\n');
    if (text !== '') writeSync(descriptor, `${text}\n`);
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      lines.push(rest);
      rest = '';
    }
    emit(lines);
  });
  stream.on('end', () => emit([rest]));
  stream.on('error', () => undefined);
};

const wrap = (source: string, message: string): string =>
  JSON.stringify({ timestamp: new Date().toISOString(), level: 'INFO', source, message });
