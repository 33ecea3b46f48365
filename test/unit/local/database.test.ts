/** The file that the store is given. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDatabase } from '../../../local/dynamodb/engine.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atp-database-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const pragma = (path: string, name: string): unknown => {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(`PRAGMA ${name}`).get()?.[name];
  } finally {
    database.close();
  }
};

it('has pages for several observations, and a log that is written ahead', () => {
  const path = join(home, 'new.sqlite');

  makeDatabase(path);

  expect([pragma(path, 'page_size'), pragma(path, 'journal_mode')]).toEqual([8_192, 'wal']);
});

it('is left as it is where there is one', () => {
  const path = join(home, 'old.sqlite');
  const old = new DatabaseSync(path);
  old.exec('CREATE TABLE kept (value)');
  old.close();

  makeDatabase(path);

  expect([pragma(path, 'page_size'), pragma(path, 'journal_mode')]).toEqual([4_096, 'delete']);
});
