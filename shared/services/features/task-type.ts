/**
 * What kind of task a prompt is: as the caller says, or guessed from its words. A guess is soft: several may hold. The
 * cues have no unbounded repetition, so that no text makes them slow.
 */
import { hashUnits } from './hash.ts';
import type { TextWindow } from './text-window.ts';

export const TASK_KINDS = [
  ...(['code', 'maths', 'word_problem', 'puzzle', 'fact', 'reading'] as const),
  ...(['writing', 'summary', 'translation', 'extraction'] as const),
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Other names that callers give. */
const ALIASES: ReadonlyMap<string, TaskKind> = new Map<string, TaskKind>([
  ...TASK_KINDS.map((kind): [string, TaskKind] => [kind, kind]),
  ...named('code', 'coding programming code_generation codegen debugging sql'),
  ...named('maths', 'math mathematics algebra calculus arithmetic'),
  ...named('puzzle', 'reasoning logic planning'),
  ...named('fact', 'qa question question_answering factual knowledge trivia search'),
  ...named('reading', 'rag comprehension reading_comprehension document_qa'),
  ...named('writing', 'creative creative_writing write drafting rewrite generation email story'),
  ...named('summary', 'summarization summarisation summarize summarise'),
  ...named('translation', 'translate'),
  ...named('extraction', 'extract classification classify labelling tagging structured json sentiment'),
]);

const GIVEN_SEED = 0x3c6ef372;
const TASK_SEEDS = [0x510e527f, 0x1f83d9ab];

function named(kind: TaskKind, names: string): [string, TaskKind][] {
  return names.split(' ').map((name) => [name, kind]);
}

const normalise = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.-]+/g, '_');

/** The kind that a caller's name stands for, if it is one of the names known here. */
export const kindOf = (given: string): TaskKind | undefined => ALIASES.get(normalise(given));

/** A caller's own name, known or not, as `size` signs, so that names that matter can be told apart. Names of one known kind
 * are one. */
export function nameSigns(given: string, size: number): number[] {
  const name = kindOf(given) ?? normalise(given);
  const hash = hashUnits(name, 0, name.length, GIVEN_SEED);
  return Array.from({ length: size }, (_, bit) => (((hash >>> bit) & 1) === 1 ? 1 : -1));
}

/** A name as counts of its scores go by: a whole number from 0 to 2^53 - 1, in which the name's words cannot be read. Names of
 * one known kind are one. */
export function taskHash(given: string): number {
  const name = kindOf(given) ?? normalise(given);
  const [low, high] = TASK_SEEDS.map((seed) => hashUnits(name, 0, name.length, seed) >>> 0);
  return ((high ?? 0) >>> 11) * 0x1_0000_0000 + (low ?? 0);
}

const CUES: Record<TaskKind, readonly RegExp[]> = {
  code: [
    /```|\bdef \w+\(|=>|\bfunction \w*\(|#include|\bimport \w+|\bselect .{1,80}\bfrom\b|\bpublic (?:static|class)\b/,
    /\b(?:write|implement|create|fix|debug)\b.{0,40}\b(?:function|program|script|method|class|query|regex|code)\b/,
    /\b(?:python|javascript|typescript|java|rust|golang|sql|html|css|bash|regex)\b/,
  ],
  maths: [
    /\\(?:frac|sqrt|begin|text|left|cdot|sum|int)\b|\$[^$]{1,80}\$|[a-z]\^\{?\d|\bx\s*[=+-]\s*\d/,
    /\b(?:solve|simplify|evaluate|compute|differentiate|integrate|factor|prove)\b/,
    /\b(?:equation|polynomial|integer|integral|matrix|theorem|remainder|triangle|probability|radius)\b/,
  ],
  word_problem: [
    /\bhow (?:many|much|long|far|old|fast|tall)\b/,
    /\b(?:each|every|twice|half as|more than|less than|times as|in total|altogether|left over)\b/,
    /\$\d|\b\d{1,9} (?:hours?|minutes?|days?|weeks?|miles?|dollars?|years?|pounds?|feet|apples|people)\b/,
  ],
  puzzle: [
    /\bclues?\b|\bpuzzle\b|\briddle\b|\bif and only if\b|\bsyllogism\b/,
    /\bstatement \d\b|\btrue or false\b|\bwhich of the following (?:must|statements)\b/,
    /\b(?:left of|right of|next to|sits?|taller|older) .{0,60}\bthan\b|\bdirectly (?:left|right)\b|\bstep by step\b/,
  ],
  fact: [
    /^\W{0,8}(?:q: )?(?:who|when|where|which|what|whose|name|in (?:which|what))\b/,
    /\b(?:who|when|where) (?:is|was|were|did|does|do|are|won|wrote|played|plays|sang|sings)\b/,
    /\b(?:capital|president|author|actor|born|died|founded|invented|located|first|last|name of)\b/,
  ],
  reading: [
    /\b(?:passage|paragraph|article|according to|the text|the author|context|document)\b/,
    /\b(?:he|she|they|his|her|their) (?:said|says|was|were|had)\b/,
  ],
  writing: [
    /\b(?:write|compose|draft|rewrite|rephrase|brainstorm)\b/,
    /\b(?:story|poem|essay|email|letter|blog|article|speech|sentence|song|tweet|slogan|advertisement)\b/,
    /\b(?:using|use|include|including) (?:all|the following|these) \b|\btone\b|\bstyle of\b/,
  ],
  summary: [/\bsummar(?:y|i[sz]e)/, /\btl;?dr\b|\bkey (?:points|takeaways)\b|\bin (?:brief|short)\b/],
  translation: [
    /\btranslat(?:e|ion)\b/,
    /\b(?:into|to|from) (?:english|french|german|spanish|chinese|japanese|italian|portuguese|russian)\b/,
  ],
  extraction: [
    /\b(?:extract|classify|categori[sz]e|label|identify all|list all)\b/,
    /\bsentiment\b|\bentit(?:y|ies)\b|\bjson\b|\bcsv\b|\bschema\b/,
  ],
};

/** For each kind, 0 to 1: the share of its cues that the text shows. */
export function guessKinds({ lower }: TextWindow): number[] {
  return TASK_KINDS.map((kind) => {
    const cues = CUES[kind];
    return cues.filter((cue) => cue.test(lower)).length / cues.length;
  });
}
