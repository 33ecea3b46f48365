/** What a completion's chunks say as the items of a response's output, one after the other, with the events that tell of it. */
import { isObject, type JsonObject, objectsOf } from '../../../shared/model/chat.ts';
import { indexOf, SerialCalls } from '../serial-calls.ts';

export type ResponseEvent = { type: string; [field: string]: unknown };
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An item that is being said. */
interface OpenItem {
  asItem(status: ItemStatus): JsonObject;
  begin(): ResponseEvent[];
  add(text: string): ResponseEvent;
  end(): ResponseEvent[];
}

type Said = 'output_text' | 'refusal';

class MessageItem implements OpenItem {
  readonly #said: Said;
  readonly #id: string;
  readonly #at: JsonObject;
  #text = '';

  constructor(said: Said, id: string, outputIndex: number) {
    this.#said = said;
    this.#id = `msg_${id}`;
    this.#at = { item_id: this.#id, output_index: outputIndex, content_index: 0 };
  }

  asItem(status: ItemStatus): JsonObject {
    const content = status === 'in_progress' ? [] : [this.#part()];
    return { id: this.#id, type: 'message', status, role: 'assistant', content };
  }

  begin(): ResponseEvent[] {
    return [{ type: 'response.content_part.added', ...this.#at, part: this.#part() }];
  }

  add(text: string): ResponseEvent {
    this.#text += text;
    return { type: `response.${this.#said}.delta`, ...this.#at, delta: text, ...this.#logprobs() };
  }

  end(): ResponseEvent[] {
    const said = this.#said === 'output_text' ? { text: this.#text } : { refusal: this.#text };
    return [
      { type: `response.${this.#said}.done`, ...this.#at, ...said, ...this.#logprobs() },
      { type: 'response.content_part.done', ...this.#at, part: this.#part() },
    ];
  }

  #part(): JsonObject {
    return this.#said === 'output_text'
      ? { type: 'output_text', text: this.#text, annotations: [], logprobs: [] }
      : { type: 'refusal', refusal: this.#text };
  }

  #logprobs(): JsonObject {
    return this.#said === 'output_text' ? { logprobs: [] } : {};
  }
}

class CallItem implements OpenItem {
  readonly #id: string;
  readonly #callId: string;
  readonly #name: string;
  readonly #at: JsonObject;
  #arguments = '';

  constructor(call: { id: unknown; name: unknown }, id: string, outputIndex: number) {
    this.#id = `fc_${id}`;
    this.#callId = String(call.id ?? `call_${id}`);
    this.#name = String(call.name ?? '');
    this.#at = { item_id: this.#id, output_index: outputIndex };
  }

  asItem(status: ItemStatus): JsonObject {
    const said = { call_id: this.#callId, name: this.#name, arguments: this.#arguments };
    return { id: this.#id, type: 'function_call', status, ...said };
  }

  begin(): ResponseEvent[] {
    return [];
  }

  add(text: string): ResponseEvent {
    this.#arguments += text;
    return { type: 'response.function_call_arguments.delta', ...this.#at, delta: text };
  }

  end(): ResponseEvent[] {
    const said = { name: this.#name, arguments: this.#arguments };
    return [{ type: 'response.function_call_arguments.done', ...this.#at, ...said }];
  }
}

export class Output {
  readonly #id: string;
  readonly #items: JsonObject[] = [];
  readonly #calls = new SerialCalls();
  #open: { what: Said | number; item: OpenItem } | undefined;

  /** Items get ids from this one. */
  constructor(id: string) {
    this.#id = id;
  }

  /** What was said so far; what was not ended is incomplete. */
  get items(): JsonObject[] {
    return this.#open === undefined ? this.#items : [...this.#items, this.#open.item.asItem('incomplete')];
  }

  *take(chunk: JsonObject): Generator<ResponseEvent> {
    const [choice] = objectsOf(chunk.choices);
    if (!isObject(choice?.delta)) return;
    const { content, refusal, tool_calls } = choice.delta;
    yield* this.#say('output_text', content);
    yield* this.#say('refusal', refusal);
    for (const piece of objectsOf(tool_calls))
      for (const call of this.#calls.take(piece)) yield* this.#call(call);
  }

  *end(status: ItemStatus): Generator<ResponseEvent> {
    yield* this.#restOfCalls();
    yield* this.#close(status);
  }

  *#restOfCalls(): Generator<ResponseEvent> {
    for (const call of this.#calls.rest()) yield* this.#call(call);
  }

  *#close(status: ItemStatus): Generator<ResponseEvent> {
    if (this.#open === undefined) return;
    const { item } = this.#open;
    const output_index = this.#items.length;
    yield* item.end();
    const ended = item.asItem(status);
    this.#items.push(ended);
    this.#open = undefined;
    yield { type: 'response.output_item.done', output_index, item: ended };
  }

  *#say(said: Said, text: unknown): Generator<ResponseEvent> {
    if (typeof text !== 'string' || text === '') return;
    yield* this.#restOfCalls();
    yield* this.#turnTo(said, (id, index) => new MessageItem(said, id, index));
    yield* this.#add(text);
  }

  *#call(call: JsonObject): Generator<ResponseEvent> {
    const { id, function: called } = call;
    const { name, arguments: text } = isObject(called) ? called : {};
    yield* this.#turnTo(indexOf(call), (itemId, at) => new CallItem({ id, name }, itemId, at));
    if (typeof text === 'string' && text !== '') yield* this.#add(text);
  }

  *#turnTo(what: Said | number, make: (id: string, index: number) => OpenItem): Generator<ResponseEvent> {
    if (this.#open?.what === what) return;
    yield* this.#close('completed');
    const output_index = this.#items.length;
    const item = make(`${this.#id}_${output_index}`, output_index);
    this.#open = { what, item };
    yield { type: 'response.output_item.added', output_index, item: item.asItem('in_progress') };
    yield* item.begin();
  }

  *#add(text: string): Generator<ResponseEvent> {
    if (this.#open !== undefined) yield this.#open.item.add(text);
  }
}
