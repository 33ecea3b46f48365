/** docs/api/asyncapi.yaml: valid AsyncAPI 3, complete, and what the code says today (which the other suite's check covers too). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { asyncApiDocument } from '../../../scripts/openapi/async-document.ts';
import { serverFrame } from '../../../shared/model/socket-frames.ts';
import { MESSAGES } from '../../../shared/model/socket-message.ts';

interface AsyncApi {
  channels: { ws: { messages: Record<string, unknown> } };
  operations: Record<string, { messages: { $ref: string }[] }>;
  components: { schemas: Record<string, object> };
}

const ROOT = resolve(import.meta.dirname, '../../..');
const document = parse(readFileSync(join(ROOT, 'docs/api/asyncapi.yaml'), 'utf8')) as AsyncApi;
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

const ajv = new Ajv({ strict: false, validateFormats: false });

const schemaOf = (name: string) =>
  ajv.compile({ components: document.components, $ref: `#/components/schemas/${name}` });

const namesOf = (operation: string): string[] =>
  (document.operations[operation]?.messages ?? []).map(({ $ref }) => $ref.split('/').at(-1) ?? '');

describe('docs/api/asyncapi.yaml', () => {
  test('is valid AsyncAPI 3.0', () => {
    const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object;
    // It brings the meta-schema of its own along.
    const options = { strict: false, validateFormats: false, validateSchema: false, meta: false } as const;
    const validate = new Ajv(options).compile(specification);

    validate(document);

    expect(validate.errors).toBeNull();
  });

  test('is what the code says today', () => {
    expect(document).toEqual(parse(stringify(asyncApiDocument(version))));
  });

  test('describes every message, and every frame', () => {
    const frames = serverFrame.options.map(({ shape }) => [...shape.type.values][0]);

    expect(namesOf('fromClient')).toEqual(Object.keys(MESSAGES));
    expect(namesOf('toClient')).toEqual(frames);
    expect(Object.keys(document.channels.ws.messages)).toEqual([...Object.keys(MESSAGES), ...frames]);
  });

  test.each([
    ['ask', { type: 'ask', prompt: 'Explain tides', id: 'a', stream: true }, true],
    ['ask', { type: 'ask', prompt: 'Explain tides', colour: 'red' }, false],
    ['ask', { type: 'ask' }, false],
    ['resume', { type: 'resume', request_id: 'a', after_seq: -1 }, true],
    ['resume', { type: 'resume', request_id: 'a', after_seq: -2 }, false],
    ['chunk', { type: 'chunk', id: 'a', request_id: 'b', seq: 0, text: 'x' }, true],
    ['chunk', { type: 'chunk', id: 'a', request_id: 'b', text: 'x' }, false],
    ['closing', { type: 'closing', reason: 'shutdown', reconnect_after_ms: 1_000 }, true],
    ['closing', { type: 'closing', reason: 'boredom', reconnect_after_ms: 1_000 }, false],
  ])('%s: %j', (name, value, valid) => {
    expect(schemaOf(name)(value)).toBe(valid);
  });
});
