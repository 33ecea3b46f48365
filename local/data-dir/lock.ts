/**
 * One runtime for each data directory. The lock is the kernel's, taken through SQLite: it ends with the process
 * however that ends, and no recycled process id can feign it.
 */
import { DatabaseSync } from 'node:sqlite';

export interface Lock {
  release(): void;
}

/** Undefined where another process holds it. */
export const acquireLock = (path: string): Lock | undefined => {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    return undefined;
  }
  return { release: () => database.close() };
};
