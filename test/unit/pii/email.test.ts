import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';

describe('e-mail addresses', () => {
  it.each([
    'john.doe@example.com',
    'a+b@mail.example.co.uk',
    "o'brien@example.ie",
    'x_y-z@sub.sub.example.org',
    'joe@bücher.example',
    'jörg@example.de',
    'почта@пример.рф',
    'joe@xn--bcher-kva.xn--p1ai',
    'JOHN@EXAMPLE.COM',
    'joe@163.com',
    'joe%40example.com',
    'joe＠example．com',
  ])('finds %s', (address) => {
    expect(findings(`to ${address} now`)).toEqual([`EMAIL ${address}`]);
  });

  it.each([
    ['a sentence', 'Write to joe@example.com.'],
    ['a comma', 'x,joe@example.com,y'],
    ['angle brackets', 'Joe <joe@example.com>'],
    ['quotes', "'joe@example.com'"],
    ['JSON', '{"to":"joe@example.com"}'],
    ['a query', 'https://x.example/u?email=joe@example.com&n=1'],
    ['a path', '/users/joe@example.com/cards'],
    ['a link', '[mail](mailto:joe@example.com)'],
    ['Chinese', '联系joe@example.com谢谢'],
    ['Japanese', 'メールはjoe@example.comです'],
  ])('finds exactly the address in %s', (_name, text) => {
    expect(findings(text)).toEqual(['EMAIL joe@example.com']);
  });

  it('counts offsets in UTF-16 code units', () => {
    const text = '😀😀 joe@example.com';

    expect(findings(text)).toEqual(['EMAIL joe@example.com']);
  });

  it('finds every one of a list', () => {
    expect(findings('a@example.com;b@example.com')).toEqual(['EMAIL a@example.com', 'EMAIL b@example.com']);
  });

  it.each([
    'npm i @scope/pkg',
    'git@github.com:org/repo.git',
    'ssh git@host.example/repo',
    'ssh user@host',
    'lodash@4.17.21',
    'pkg@1.0.beta',
    '@app.route("/")',
    'a @ b.com',
    'joe.@example.com',
    'x@@y',
    'image@sha256',
    '@',
  ])('takes no address from %s', (text) => {
    expect(findings(text)).toEqual([]);
  });

  it('takes no more than the longest name there can be', () => {
    const [finding = ''] = findings(`${'a'.repeat(200)}@example.com`);

    expect(finding).toBe(`EMAIL ${'a'.repeat(64)}@example.com`);
  });
});
