/** A checkout knows no durations yet: without this the tests that take minutes would begin last, beside idle cores. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest first. Then, while some of that still waits, files that compute; at the end what waits a little. A project's
 * files follow each other, since a worker is kept for the next of the same project alone.
 */
const FIRST = [
  '/integration/local-process/store-build',
  '/integration/emulator/',
  '/integration/local/api-conformance',
  '/console/pages',
  '/integration/local/flow',
  '/console/steering',
  '/integration/load/',
  '/integration/local/web-socket/',
  '/contract/bundle/',
  '/contract/limits/',
  '/contract/',
  '/unit/',
  '/integration/',
  '/console/',
  '/property/',
  '/chaos/',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = FIRST.findIndex((part) => moduleId.includes(`/test${part}`));
  return rank < 0 ? FIRST.length : rank;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
