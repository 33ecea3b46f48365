/** Collects the parts of one update expression and its condition. Every name and value goes by an alias. */
import type { AttributeValue, UpdateInput } from './wire.ts';

type ExpressionInput = Omit<UpdateInput, 'TableName' | 'Key'>;

export class Expression {
  readonly #names: Record<string, string> = {};
  readonly #values: Record<string, AttributeValue> = {};
  readonly #set: string[] = [];
  readonly #add: string[] = [];
  readonly #remove: string[] = [];
  readonly #conditions: string[] = [];
  #nameCount = 0;
  #valueCount = 0;

  set(name: string, value: AttributeValue): this {
    this.#set.push(`${this.#name(name)} = ${this.#value(value)}`);
    return this;
  }

  add(name: string, amount: number): this {
    this.#add.push(`${this.#name(name)} ${this.#value({ N: String(amount) })}`);
    return this;
  }

  remove(name: string): this {
    this.#remove.push(this.#name(name));
    return this;
  }

  /** The attribute must not be there. */
  absent(name: string): this {
    this.#conditions.push(`attribute_not_exists(${this.#name(name)})`);
    return this;
  }

  /** The attribute must be there. */
  present(name: string): this {
    this.#conditions.push(`attribute_exists(${this.#name(name)})`);
    return this;
  }

  equal(name: string, value: AttributeValue): this {
    this.#conditions.push(`${this.#name(name)} = ${this.#value(value)}`);
    return this;
  }

  /** An attribute that is not there counts as nothing. */
  atMost(name: string, amount: number): this {
    const alias = this.#name(name);
    this.#conditions.push(
      `(attribute_not_exists(${alias}) OR ${alias} <= ${this.#value({ N: String(amount) })})`,
    );
    return this;
  }

  above(name: string, amount: number): this {
    this.#conditions.push(`${this.#name(name)} > ${this.#value({ N: String(amount) })}`);
    return this;
  }

  get input(): ExpressionInput {
    const clause = (word: string, parts: string[]): string[] =>
      parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`];
    return {
      UpdateExpression: [
        ...clause('SET', this.#set),
        ...clause('ADD', this.#add),
        ...clause('REMOVE', this.#remove),
      ].join(' '),
      ...(this.#conditions.length === 0 ? {} : { ConditionExpression: this.#conditions.join(' AND ') }),
      ExpressionAttributeNames: this.#names,
      ...(this.#valueCount === 0 ? {} : { ExpressionAttributeValues: this.#values }),
    };
  }

  #name(name: string): string {
    const alias = `#${this.#nameCount++}`;
    this.#names[alias] = name;
    return alias;
  }

  #value(value: AttributeValue): string {
    const alias = `:${this.#valueCount++}`;
    this.#values[alias] = value;
    return alias;
  }
}
