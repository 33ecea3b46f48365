/**
 * Spans out of the model's numbers: the likeliest sequence of labels that BIOES allows (viterbi.ts), then of each span the mean
 * over its tokens of the probability of its type, of a name what the second stage makes of it, held against the type's threshold.
 */
import type { PiiSpan, PiiType } from '../../../model/pii.ts';
import { type Lists, notCited } from './cited-names.ts';
import { cutAddress } from './cut-addresses.ts';
import { cutNames, type Stretch } from './cut-names.ts';
import { withoutDoubtful } from './doubtful-names.ts';
import { joinNames } from './join-names.ts';
import type { LabelSet } from './label-set.ts';
import type { NameJudge, Proposal } from './name-judge.ts';
import { withMentions } from './name-mentions.ts';
import { type Grammar, grammarOf, viterbi } from './viterbi.ts';

/** Tokens with their place in the text, as far as the model has seen them. */
export interface Tokens {
  readonly length: number;
  start(token: number): number;
  end(token: number): number;
}

const overlap = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end;

/** A type from its first token to its last. */
interface Run {
  type: PiiType;
  first: number;
  last: number;
}

interface Scored extends PiiSpan {
  score: number;
}

/** From which score on a span of another type says that its text is about real people, whatever it asks for. */
const REAL = 0.8;

export class Decoder {
  readonly #set: LabelSet;
  readonly #grammar: Grammar;
  readonly #judge: NameJudge | undefined;
  readonly #isForename = (word: string): boolean => this.#judge?.isForename(word) === true;

  constructor(set: LabelSet, judge?: NameJudge) {
    this.#set = set;
    this.#grammar = grammarOf(set.labels);
    this.#judge = judge;
  }

  /** `logs` are the tokens' log-probabilities. Sorted, apart from each other. */
  spans(text: string, logs: Float32Array, tokens: Tokens): PiiSpan[] {
    const runs = this.#runs(logs);
    const others = runs.flatMap((run, index) => {
      if (run.type === 'PERSON') return [];
      const [before, after] = [runs[index - 1], runs[index + 1]];
      return this.#others(text, logs, tokens, run, {
        start: before === undefined ? 0 : tokens.end(before.last),
        end: after === undefined ? text.length : tokens.start(after.first),
      });
    });
    const isAboutReal = others.some(({ score, type }) => type !== 'PERSON' && score >= REAL);
    const names = this.#names(text, logs, tokens, runs, isAboutReal).filter(
      (name) => !others.some((other) => overlap(name, other)),
    );
    const isStory = names.length > 0 && !isAboutReal && this.#judge?.isStory(text) === true;
    const real = isStory ? names.filter(({ start }) => this.#judge?.isReal(text, start)) : names;
    const scores = this.#judge?.scores(text, real);
    const scored = real.map(({ start, end, person }, index) => ({
      start,
      end,
      score: scores?.[index] ?? person,
    }));
    const judge = this.#judge;
    const all =
      judge === undefined
        ? scored
        : withMentions(
            text,
            withoutDoubtful(text, scored, (word) => judge.isKnown(word)),
            others,
          );
    return [...others, ...all.map((name) => ({ ...name, type: 'PERSON' as const }))]
      .filter(({ type, score }) => score >= (this.#set.thresholds[type] ?? 1))
      .map(({ start, end, type }) => ({ start, end, type }))
      .sort((a, b) => a.start - b.start);
  }

  /** An address's residents are among them, where it took them along. */
  #others(
    text: string,
    logs: Float32Array,
    tokens: Tokens,
    { type, first, last }: Run,
    room: Stretch,
  ): Scored[] {
    const span = { start: tokens.start(first), end: tokens.end(last) };
    const score = this.#mean(logs, first, last, type);
    if (type !== 'ADDRESS') return [{ ...span, type, score }];
    const { address, names } = cutAddress(text, span, this.#isForename, room);
    return [
      ...(address === undefined ? [] : [{ ...address, type, score }]),
      ...names.map((name) => ({ ...name, type: 'PERSON' as const, score })),
    ];
  }

  /** Those on the likeliest path, then those that only a path with less of "nothing" in it has. */
  #names(
    text: string,
    logs: Float32Array,
    tokens: Tokens,
    runs: readonly Run[],
    isAboutReal: boolean,
  ): Proposal[] {
    const likeliest = this.#proposals(text, logs, tokens, runs);
    if (this.#judge === undefined) return likeliest;
    const further = this.#proposals(
      text,
      logs,
      tokens,
      this.#runs(this.#shifted(logs, this.#judge.proposeOutside)),
    );
    const all = [...likeliest, ...further.filter((name) => !likeliest.some((other) => overlap(name, other)))];
    const lists: Lists = {
      isForename: this.#isForename,
      isFamous: (name) => !isAboutReal && this.#judge?.isFamous(name) === true,
    };
    return joinNames(text, notCited(text, all, lists));
  }

  #proposals(text: string, logs: Float32Array, tokens: Tokens, runs: readonly Run[]): Proposal[] {
    return runs
      .filter(({ type }) => type === 'PERSON')
      .flatMap(({ first, last }) =>
        cutNames(text, { start: tokens.start(first), end: tokens.end(last) }).map(({ start, end }) => {
          let [from, to] = [first, last];
          while (from < to && tokens.end(from) <= start) from++;
          while (to > from && tokens.start(to) >= end) to--;
          const mean = (type: PiiType): number => this.#mean(logs, from, to, type);
          return { start, end, person: mean('PERSON'), address: mean('ADDRESS') };
        }),
      );
  }

  #runs(logs: Float32Array): Run[] {
    const path = viterbi(logs, this.#set.labels.length, this.#grammar);
    const runs: Run[] = [];
    let first = 0;
    for (let token = 0; token < path.length; token++) {
      const { position, type } = this.#set.labels[path[token] ?? 0] ?? { position: 'O' };
      if (position === 'B' || position === 'S') first = token;
      if (type !== undefined && (position === 'E' || position === 'S'))
        runs.push({ type, first, last: token });
    }
    return runs;
  }

  #shifted(logs: Float32Array, less: number): Float32Array {
    const shifted = logs.slice();
    for (let at = this.#grammar.outside; at < shifted.length; at += this.#set.labels.length)
      shifted[at] = (shifted[at] ?? 0) - less;
    return shifted;
  }

  /** Of the tokens' probabilities of a type. */
  #mean(logs: Float32Array, first: number, last: number, type: PiiType): number {
    const own = this.#grammar.inner.find((entry) => entry.type === type);
    if (own === undefined) return 0;
    let sum = 0;
    for (let token = first; token <= last; token++) {
      const row = token * this.#set.labels.length;
      for (const label of [own.begin, own.inside, own.end, own.single])
        sum += Math.exp(logs[row + label] ?? Number.NEGATIVE_INFINITY);
    }
    return sum / (last - first + 1);
  }
}
