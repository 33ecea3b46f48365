import { describe, expect, it } from 'vitest';
import { cutNames } from '../../../../shared/adapters/pii/model/cut-names.ts';

const namesIn = (span: string): string[] => {
  const text = `x ${span} y`;
  return cutNames(text, { start: 2, end: 2 + span.length }).map(({ start, end }) => text.slice(start, end));
};

describe('a span that the model took for a name', () => {
  it.each([
    ['Jane Doe', ['Jane Doe']],
    ['Jane Doe\nJohn Roe', ['Jane Doe', 'John Roe']],
    ['Ástmar Chu. David', ['Ástmar Chu', 'David']],
    ['Sato; Kim', ['Sato', 'Kim']],
    ['Kevin A. Boone', ['Kevin A. Boone']],
    ['Samuel L.', ['Samuel L.']],
    ['Kevin Boone Jr.', ['Kevin Boone Jr.']],
    ['Kevin Boone.', ['Kevin Boone']],
    ['J. R. Smith', ['J. R. Smith']],
    ['- M. Haddad', ['M. Haddad']],
    ['Dr. Hernández', ['Hernández']],
    ['Aunt Toni', ['Toni']],
    ['Herr Prof. Dr. Weiß', ['Weiß']],
    ['Grandpa', ['Grandpa']],
    ['Prof. Adeyemi', ['Adeyemi']],
    ['Missy Elgin', ['Missy Elgin']],
    ["Siobhán O'Connor's", ["Siobhán O'Connor"]],
    ['"Jane Doe",', ['Jane Doe']],
    ['… -', ['…']],
    [' - ', []],
  ])('%j', (span, names) => {
    expect(namesIn(span)).toEqual(names);
  });
});
