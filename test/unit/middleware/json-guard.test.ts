import { describe, expect, it } from 'vitest';
import { findJsonFault, pointer } from '../../../shared/middleware/json-guard.ts';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('findJsonFault', () => {
  it.each([
    ['an infinite number', '{"a":[1,1e999]}', '/a/1'],
    ['a negative infinite number', '-1e999', ''],
    ['a lone surrogate in a text', '{"a":{"b":"\\ud800"}}', '/a/b'],
    ['a lone surrogate in a name', '{"\\udc00":1}', '/\ufffd'],
    ['__proto__', '{"a":{"__proto__":{}}}', '/a/__proto__'],
    ['constructor', '{"constructor":1}', '/constructor'],
    ['prototype in a list', '[{"prototype":1}]', '/0/prototype'],
  ])('finds %s', (_name, json, path) => {
    expect(findJsonFault(JSON.parse(json))?.path).toBe(path);
  });

  it('permits a quarter of a million values and no more, and names where it stopped', () => {
    const list = (length: number) => ({ messages: [Array.from({ length }, () => 0)] });

    expect(findJsonFault(list(249_997))).toBeUndefined();
    expect(findJsonFault(list(249_998))).toEqual({
      path: '/messages/0/249997',
      message: 'must not hold more than 250000 values',
    });
  });

  it('permits names of 1,024 characters and no more', () => {
    expect(findJsonFault({ ['x'.repeat(1_024)]: 1 })).toBeUndefined();
    expect(findJsonFault({ a: { ['x'.repeat(1_025)]: 1 } })?.path).toBe(`/a/${'x'.repeat(64)}`);
  });

  it('permits 64 levels and no more', () => {
    expect(findJsonFault(nested(64))).toBeUndefined();
    expect(findJsonFault(nested(65))?.message).toContain('64 levels');
  });

  it('is not brought down by a bottomless one', () => {
    expect(findJsonFault(nested(100_000))).toBeDefined();
  });

  it.each(['null', 'true', '0', '"\\ud83d\\ude00"', '{}', '{"a":[null,1.5,"x"]}'])('lets %s pass', (json) => {
    expect(findJsonFault(JSON.parse(json))).toBeUndefined();
  });
});

describe('pointer', () => {
  it('escapes what RFC 6901 escapes', () => {
    expect(pointer(['a/b', 'm~n', 0])).toBe('/a~1b/m~0n/0');
  });

  it('cuts long names', () => {
    expect(pointer(['x'.repeat(1_000)])).toHaveLength(65);
  });
});
