import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';

describe('e-mail addresses as people say them', () => {
  it.each([
    'sam@gmail dot com',
    'j.doe [at] example [dot] org',
    'j.doe(at)example(dot)co(dot)uk',
    'sam@mail dot example dot de',
  ])('are found: %s', (address) => {
    expect(findings(`It is ${address}, thanks`)).toEqual([`EMAIL ${address}`]);
  });

  it('are found without any mark where a word says so', () => {
    expect(findings('send an email to brandon at example dot com')).toEqual([
      'EMAIL brandon at example dot com',
    ]);
  });

  it.each(['look at google dot com', 'the dot product', 'a dot com boom', 'meet me at nine dot three'])(
    'are not what %j says',
    (text) => {
      expect(findings(text)).toEqual([]);
    },
  );
});
