/**
 * A model's answer with what its pseudonyms stand for, event by event: text, or OpenAI's documents with text, refusals and the
 * arguments of tools, each in pieces of its own. What was held back goes out before anything else follows it.
 */
import { type ChatBody, isObject, type JsonObject, objectsOf } from '../../model/chat.ts';
import type { ModelEvent } from '../../model/completion.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { restoreText, type TextKind, TextRestorer } from './restore-text.ts';

export type Restore = (events: AsyncIterable<ModelEvent>) => AsyncIterable<ModelEvent>;

const TEXTS = ['content', 'refusal', 'reasoning_content'] as const;

/** An answer that has to be JSON is restored as JSON. */
const kindOf = ({ response_format: format }: ChatBody): TextKind =>
  isObject(format) && (format.type === 'json_object' || format.type === 'json_schema') ? 'json' : 'plain';

export const restoring =
  (pseudonyms: Pseudonyms, chat: ChatBody): Restore =>
  (events) =>
    restoredEvents(events, pseudonyms, kindOf(chat));

async function* restoredEvents(
  events: AsyncIterable<ModelEvent>,
  pseudonyms: Pseudonyms,
  kind: TextKind,
): AsyncGenerator<ModelEvent> {
  const text = new TextRestorer(pseudonyms, kind);
  const chunks = new ChunkRestorer(pseudonyms, kind);
  for await (const event of events) {
    if (event.type === 'text') yield { type: 'text', text: text.push(event.text) };
    else if (event.type === 'document')
      yield { type: 'document', document: restoredDocument(event.document, chunks, pseudonyms, kind) };
    else {
      const rest = text.end();
      if (rest !== '') yield { type: 'text', text: rest };
      const last = chunks.end();
      if (last !== undefined) yield { type: 'document', document: last };
      yield event;
    }
  }
}

const restoredDocument = (
  document: JsonObject,
  chunks: ChunkRestorer,
  pseudonyms: Pseudonyms,
  kind: TextKind,
): JsonObject => {
  const choices = objectsOf(document.choices);
  if (choices.some(({ delta }) => isObject(delta))) return chunks.restore(document);
  if (!choices.some(({ message }) => isObject(message))) return document;
  const whole = (text: unknown, of: TextKind): unknown =>
    typeof text === 'string' ? restoreText(text, pseudonyms, of) : text;
  return {
    ...document,
    choices: choices.map((choice) =>
      isObject(choice.message)
        ? { ...choice, message: mapped(choice.message, (text, of) => whole(text, of ?? kind)) }
        : choice,
    ),
  };
};

type Change = (text: unknown, kind: TextKind | undefined) => unknown;

const withArguments = (value: unknown, change: Change): unknown =>
  isObject(value) && 'arguments' in value ? { ...value, arguments: change(value.arguments, 'json') } : value;

const mapped = (message: JsonObject, change: Change): JsonObject => {
  const made: JsonObject = { ...message };
  for (const field of TEXTS) if (field in message) made[field] = change(message[field], undefined);
  if (Array.isArray(message.tool_calls))
    made.tool_calls = objectsOf(message.tool_calls).map((call) => ({
      ...call,
      function: withArguments(call.function, change),
    }));
  if ('function_call' in message) made.function_call = withArguments(message.function_call, change);
  return made;
};

/** One text of one choice that is still coming in. */
interface Part {
  restorer: TextRestorer;
  /** A delta that says a piece of it. */
  say(text: string): JsonObject;
}

class ChunkRestorer {
  readonly #pseudonyms: Pseudonyms;
  readonly #kind: TextKind;
  /** Of each choice the text that came last: only that one can hold something back. */
  readonly #open = new Map<unknown, { name: string; part: Part }>();
  #last: JsonObject = {};

  constructor(pseudonyms: Pseudonyms, kind: TextKind) {
    this.#pseudonyms = pseudonyms;
    this.#kind = kind;
  }

  restore(chunk: JsonObject): JsonObject {
    this.#last = chunk;
    return { ...chunk, choices: objectsOf(chunk.choices).map((choice) => this.#choice(choice)) };
  }

  /** What is still held back when the stream is over, as a chunk. */
  end(): JsonObject | undefined {
    const choices = [...this.#open.keys()]
      .map((index) => ({ index, delta: this.#flush(index), finish_reason: null }))
      .filter(({ delta }) => Object.keys(delta).length > 0);
    const { usage: _, ...last } = this.#last;
    return choices.length === 0 ? undefined : { ...last, choices };
  }

  #choice(choice: JsonObject): JsonObject {
    const { delta, index } = choice;
    const pieces: JsonObject[] = [];
    const made: JsonObject = isObject(delta) ? { ...delta } : {};
    for (const field of TEXTS) {
      if (typeof made[field] !== 'string' || made[field] === '') continue;
      const said = this.#push(index, field, made[field], (text) => ({ [field]: text }), pieces);
      made[field] = said;
    }
    if (isObject(made.function_call) && typeof made.function_call.arguments === 'string') {
      const say = (text: string): JsonObject => ({ function_call: { arguments: text } });
      const said = this.#push(index, 'function_call', made.function_call.arguments, say, pieces);
      made.function_call = { ...made.function_call, arguments: said };
    }
    const calls = objectsOf(made.tool_calls).map((call) => this.#call(index, call, pieces));
    if (calls.length > 0) made.tool_calls = calls;
    if (choice.finish_reason !== undefined && choice.finish_reason !== null) pieces.push(this.#flush(index));
    return { ...choice, delta: pieces.reduce(joined, made) };
  }

  #call(index: unknown, call: JsonObject, pieces: JsonObject[]): JsonObject {
    const made = call.function;
    if (!isObject(made) || typeof made.arguments !== 'string') return call;
    const say = (text: string): JsonObject => ({
      tool_calls: [{ index: call.index, function: { arguments: text } }],
    });
    const said = this.#push(index, `call ${String(call.index)}`, made.arguments, say, pieces);
    return { ...call, function: { ...made, arguments: said } };
  }

  /** What can be passed on of a piece; what another text of the choice held back comes to `pieces`. */
  #push(index: unknown, name: string, text: string, say: Part['say'], pieces: JsonObject[]): string {
    let open = this.#open.get(index);
    if (open?.name !== name) {
      pieces.push(this.#flush(index));
      const kind = (TEXTS as readonly string[]).includes(name) ? this.#kind : 'json';
      open = { name, part: { restorer: new TextRestorer(this.#pseudonyms, kind), say } };
      this.#open.set(index, open);
    }
    return open.part.restorer.push(text);
  }

  #flush(index: unknown): JsonObject {
    const open = this.#open.get(index);
    this.#open.delete(index);
    const rest = open?.part.restorer.end() ?? '';
    return open === undefined || rest === '' ? {} : open.part.say(rest);
  }
}

/** A delta that says both, the rest of an earlier call before what it has of its own calls. */
const joined = (delta: JsonObject, rest: JsonObject): JsonObject => {
  const made = { ...delta };
  for (const field of TEXTS)
    if (typeof rest[field] === 'string')
      made[field] = `${typeof delta[field] === 'string' ? delta[field] : ''}${rest[field]}`;
  if (isObject(rest.function_call)) {
    const before = isObject(delta.function_call) ? delta.function_call : {};
    made.function_call = { ...before, arguments: `${before.arguments ?? ''}${rest.function_call.arguments}` };
  }
  const [call] = objectsOf(rest.tool_calls);
  if (call === undefined) return made;
  const calls = objectsOf(delta.tool_calls);
  const own = calls.findIndex(({ index }) => index === call.index);
  made.tool_calls =
    own < 0 ? [call, ...calls] : calls.map((each, at) => (at === own ? both(each, call) : each));
  return made;
};

const both = (call: JsonObject, rest: JsonObject): JsonObject => {
  const made = isObject(call.function) ? call.function : {};
  const more = isObject(rest.function) ? rest.function : {};
  return { ...call, function: { ...made, arguments: `${made.arguments ?? ''}${more.arguments ?? ''}` } };
};
