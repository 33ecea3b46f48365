import { describe, expect, it } from 'vitest';
import { numbersOf, Pseudonyms } from '../../../../shared/services/redact/pseudonyms.ts';
import { restoreText } from '../../../../shared/services/redact/restore-text.ts';

const PERSON = { start: 0, end: 8, type: 'PERSON' } as const;

const jane = (numbers?: ConstructorParameters<typeof Pseudonyms>[0]): Pseudonyms => {
  const pseudonyms = new Pseudonyms(numbers);
  pseudonyms.replace('Jane Doe', [PERSON]);
  pseudonyms.replace('4111', [{ start: 0, end: 4, type: 'CREDIT_CARD' }]);
  return pseudonyms;
};

describe('pseudonyms', () => {
  it('count by type, in the order of appearance', () => {
    const text = 'Jane Doe wrote Max Mu and Jane Doe at a@b.cd';
    const spans = [
      PERSON,
      { start: 15, end: 21, type: 'PERSON' },
      { start: 26, end: 34, type: 'PERSON' },
      { start: 38, end: 44, type: 'EMAIL' },
    ] as const;

    expect(new Pseudonyms().replace(text, spans)).toBe(
      '[PERSON_1] wrote [PERSON_2] and [PERSON_1] at [EMAIL_1]',
    );
  });

  it.each(['PERSON_1', '[person_1]', 'Person 1', 'PERSON\\_1'])(
    'are not what the text calls %s itself',
    (written) => {
      const pseudonyms = new Pseudonyms();
      pseudonyms.leaveOut(`As ${written} says`);

      expect(pseudonyms.replace('Jane Doe', [PERSON])).toBe('[PERSON_2]');
    },
  );

  it('are the same in each request of a session, and others in another one', () => {
    const nameIn = (session: string, secret = 'secret'): string =>
      new Pseudonyms(numbersOf(secret, session)).replace('Jane Doe', [PERSON]);

    expect(nameIn('one')).toBe(nameIn('one'));
    expect(new Set([nameIn('one'), nameIn('two'), nameIn('one', 'other')]).size).toBe(3);
  });

  it('stay apart where two values draw the same number', () => {
    const pseudonyms = new Pseudonyms(() => 7);
    const names = ['Jane Doe', 'John Doe'].map((name) => pseudonyms.replace(name, [PERSON]));

    expect(names).toEqual(['[PERSON_7]', '[PERSON_8]']);
  });
});

describe('restoring', () => {
  it.each([
    ['[PERSON_1]', 'Jane Doe'],
    ['[person_1]', 'Jane Doe'],
    ['[Person 1]', 'Jane Doe'],
    ['[PERSON-1]', 'Jane Doe'],
    ['**[PERSON_1]**', '**Jane Doe**'],
    ['`[PERSON_1]`', '`Jane Doe`'],
    ['\\[PERSON_1\\]', 'Jane Doe'],
    ['[PERSON\\_1]', 'Jane Doe'],
    ['C:\\[PERSON_1]', 'C:\\Jane Doe'],
    ['PERSON_1', 'Jane Doe'],
    ["PERSON_1's", "Jane Doe's"],
    ['(PERSON_1)', '(Jane Doe)'],
    ['[PERSON_1, the boss]', '[Jane Doe, the boss]'],
    ['[CREDIT_CARD_1]', '4111'],
    ['[credit card 1]', '4111'],
    ['CREDIT\\_CARD\\_1', '4111'],
  ])('knows %s again', (said, meant) => {
    expect(restoreText(said, jane())).toBe(meant);
  });

  it.each(['[PERSON_2]', 'PERSON_12', 'XPERSON_1', 'PERSON_1x', 'person 1', 'PERSON-1', '[EMAIL_1]'])(
    'leaves %s alone',
    (said) => {
      expect(restoreText(said, jane())).toBe(said);
    },
  );

  it('escapes in JSON, also behind an escaped line end', () => {
    const pseudonyms = new Pseudonyms();
    pseudonyms.replace('"J"\n', [{ start: 0, end: 4, type: 'PERSON' }]);

    const restored = restoreText('{"a":"Dear\\nPERSON_1 and \\\\[PERSON_1\\\\]"}', pseudonyms, 'json');

    expect(JSON.parse(restored)).toEqual({ a: 'Dear\n"J"\n and "J"\n' });
  });
});
