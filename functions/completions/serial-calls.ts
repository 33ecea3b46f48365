/**
 * Calls of tools one after the other, also where a provider tells of several by turns: a block or item that has ended does
 * not begin again. A call waits until the arguments of the one before it are whole, or the answer ends.
 */
import { isObject, type JsonObject } from '../../shared/model/chat.ts';

export class SerialCalls {
  #open: { index: number; text: string } | undefined;
  readonly #waiting = new Map<number, JsonObject[]>();
  readonly #ended = new Set<number>();

  /** A piece of a call, as a chunk tells it, and what may be passed on by now. */
  *take(piece: JsonObject): Generator<JsonObject> {
    const index = indexOf(piece);
    if (this.#ended.has(index)) return;
    if (this.#open !== undefined && this.#open.index !== index) {
      const pieces = this.#waiting.get(index);
      if (pieces === undefined) this.#waiting.set(index, [piece]);
      else pieces.push(piece);
    } else yield this.#pass(index, piece);
    while (this.#waiting.size > 0 && isWhole(this.#open?.text)) yield* this.#next();
  }

  /** No more comes of any call so far. */
  *rest(): Generator<JsonObject> {
    while (this.#waiting.size > 0) yield* this.#next();
    this.#end();
  }

  *#next(): Generator<JsonObject> {
    this.#end();
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [index, pieces] = first;
    this.#waiting.delete(index);
    for (const piece of pieces) yield this.#pass(index, piece);
  }

  #pass(index: number, piece: JsonObject): JsonObject {
    this.#open = { index, text: (this.#open?.text ?? '') + argumentsIn(piece) };
    return piece;
  }

  #end(): void {
    if (this.#open !== undefined) this.#ended.add(this.#open.index);
    this.#open = undefined;
  }
}

export const indexOf = ({ index }: JsonObject): number => (typeof index === 'number' ? index : 0);

const argumentsIn = ({ function: called }: JsonObject): string =>
  isObject(called) && typeof called.arguments === 'string' ? called.arguments : '';

const isWhole = (text = ''): boolean => {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
};
