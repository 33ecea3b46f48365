/** A checkout knows no durations yet: without this the tests that take minutes would begin last, beside idle cores. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest and waits most, first; files that only compute fill the cores at the end. */
const FIRST = [
  '/integration/emulator/',
  '/integration/local/api-conformance',
  '/console/pages',
  '/integration/local/flow',
  '/console/steering',
  '/integration/load/',
  '/integration/local/web-socket/',
  '/integration/',
  '/console/',
  '/chaos/',
  '/contract/bundle/',
  '/contract/limits/',
  '/property/',
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
