import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf, Segments } from '../../../local/journal/segments.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import { Happened } from '../../support/fakes/happened.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const happened = new Happened(new ManualClock());

describe("the journal's files", () => {
  let directory: string;
  const open = (maxBytes?: number): Segments => new Segments(directory, maxBytes);
  const entries = new Map<number, SettledObservation>();
  const entry = (n: number): SettledObservation => {
    const known = entries.get(n) ?? happened.make();
    entries.set(n, known);
    return known;
  };
  const line = (n: number): string => lineOf(entry(n));
  const LONG = 2 * line(0).length;
  const left = (maxBytes?: number): string[] => open(maxBytes).leftovers.map(lineOf);
  const files = (): string[] => readdirSync(directory).sort();
  const writeAt = (place: number, text: string): void => {
    const descriptor = openSync(join(directory, files()[0] ?? ''), 'r+');
    writeSync(descriptor, text, place);
    closeSync(descriptor);
  };

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'atp-journal-')), 'journal');
  });

  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  it('give to the next process what was not booked, in order', () => {
    const first = open();
    first.append([line(1), line(2)]);
    first.append([line(3)]);
    expect(left()).toEqual([line(1), line(2), line(3)]);
  });

  it('are readable by nobody else', () => {
    open().append([line(1)]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, files()[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it('go with their process where all is booked', () => {
    const segments = open();
    segments.append([line(1), line(2)]);
    segments.append([line(3)]);
    segments.booked(3);
    segments.close();
    expect(files()).toEqual([]);
  });

  it('stay where their process ends before all is booked', () => {
    const segments = open();
    segments.append([line(1), line(2)]);
    segments.booked(1);
    segments.close();
    expect(left()).toEqual([line(1), line(2)]);
  });

  it('take an entry that is larger than they are', () => {
    open(16).append([line(1)]);
    expect(left(16)).toEqual([line(1)]);
  });

  it('are removed one by one as they are booked, the one that is written to last', () => {
    const segments = open(LONG / 2);
    for (const n of [1, 2, 3]) segments.append([line(n)]);
    expect(files()).toHaveLength(3);
    segments.booked(2);
    expect(files()).toHaveLength(1);
    expect(left()).toEqual([line(3)]);
  });

  it('of a former process go when its entries are booked', () => {
    open().append([line(1)]);
    const next = open();
    next.append([line(2)]);
    next.booked(1);
    expect(left()).toEqual([line(2)]);
    expect(files()).toHaveLength(1);
  });

  it('may end in a torn line, which was acknowledged to nobody', () => {
    open().append([line(1)]);
    writeAt(Buffer.byteLength(line(1)) + 1, '{"observation":');
    expect(left()).toEqual([line(1)]);
    expect(files()).not.toContain('damaged');
  });

  it('have put aside what cannot be read', () => {
    open().append([line(1)]);
    writeAt(Buffer.byteLength(line(1)) + 1, `nonsense\nnull\n{}\n${line(2)}\n`);
    expect(left()).toEqual([line(1), line(2)]);
    expect(readFileSync(join(directory, 'damaged'), 'utf8')).toBe('nonsense\nnull\n{}\n');
  });

  it('are left behind by a write that failed', () => {
    const segments = open();
    rmSync(directory, { recursive: true });
    expect(() => segments.append([line(1)])).toThrow('ENOENT');

    mkdirSync(directory);
    segments.append([line(2)]);
    expect(left()).toEqual([line(2)]);
  });

  it('hold whatever was acknowledged and is not booked, whenever the process dies', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }).map((count) => ({ append: count })) },
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }).map((count) => ({ book: count })) },
        { weight: 1, arbitrary: fc.constant({ crash: true }) },
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: LONG / 4, max: 3 * LONG }), (sequence, maxBytes) => {
        let segments = open(maxBytes);
        let next = 0;
        let unbooked: string[] = [];
        for (const step of sequence) {
          if ('append' in step) {
            const lines = Array.from({ length: step.append }, () => line(next++));
            segments.append(lines);
            unbooked.push(...lines);
          } else if ('book' in step) {
            const count = Math.min(step.book, unbooked.length);
            unbooked = unbooked.slice(count);
            segments.booked(count);
          } else {
            segments = open(maxBytes);
            // More may be there, of a file of which only some are booked: to book them again changes nothing.
            const leftovers = segments.leftovers.map(lineOf);
            expect(leftovers.slice(leftovers.length - unbooked.length)).toEqual(unbooked);
            unbooked = leftovers;
          }
        }
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 60 },
    );
    open();
  });
});
