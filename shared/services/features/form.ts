/** The form of a prompt: how it asks and how it is laid out, as numbers within [-1, 1]. */
import type { CharacterCounts } from './characters.ts';
import type { TextWindow } from './text-window.ts';

const MULTIPLE_CHOICE = /(?:^|\n)[ \t]{0,8}\(?[aA1][.):] [^\n]{0,400}\n[ \t]{0,8}\(?[bB2][.):] /;
const TRUE_FALSE = /\b(?:true or false|yes or no)\b/;
const JSON_SHAPE = /[{[]\s*"[^"\n]{0,80}"\s*[:,\]]/;
const BLANK = /_{2,}|\.{3}|…/;
const WHAT = /^\W{0,8}(?:what|which)\b/;
const WHO = /^\W{0,8}(?:who|whose|when|where)\b/;
const WHY = /^\W{0,8}(?:why|how|explain|describe|discuss)\b/;
const YES_NO = /^\W{0,8}(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have)\b/;
const COMMAND =
  /^\W{0,8}(?:write|give|find|list|make|create|solve|compute|name|tell|explain|generate|suppose|let)\b/;
const STOP_WORDS: ReadonlySet<string> = new Set(
  'the of and to in is a that it for was on are with as his they at be this from have or by one had not but what all were when we there can an your which their said if do will each about how up out them then she'.split(
    ' ',
  ),
);

const flag = (holds: boolean): number => (holds ? 1 : 0);
/** A share, magnified so that an ordinary text uses the range. */
const share = (part: number, whole: number, gain: number): number =>
  Math.min(1, (gain * part) / Math.max(1, whole));

/** -1 for nothing, 0 for about 150, 1 for 20,000 or more: prompts differ by orders of magnitude. */
export const logLength = (units: number): number =>
  Math.max(-1, Math.min(1, Math.log10((1 + units) / 150) / 2.2));

export const FORM_SIZE = 26;

export function formOf(window: TextWindow, words: readonly string[], counts: CharacterCounts): number[] {
  const { text, lower, length } = window;
  const letters = counts.latin + counts.accented + counts.cjk + counts.otherScript;
  const end = text.trimEnd();
  const size = logLength(length);
  const stopWords = words.filter((word) => STOP_WORDS.has(word)).length;
  return [
    size,
    size * size,
    share(counts.lines - 1, 20, 1),
    Math.min(1, letters / Math.max(1, words.length) / 5 - 1),
    share(counts.digits, counts.total, 8),
    share(counts.upper, counts.latin, 6),
    share(counts.commas, words.length, 5),
    share(counts.quotes, words.length, 5),
    share(counts.sentenceEnds, words.length, 8),
    share(counts.brackets, counts.total, 15),
    share(counts.operators, counts.total, 12),
    share(stopWords, words.length, 2),
    share(counts.accented, letters, 8),
    share(counts.cjk, letters, 1.5),
    share(counts.otherScript, letters, 1.5),
    flag(MULTIPLE_CHOICE.test(text)),
    flag(TRUE_FALSE.test(lower)),
    flag(JSON_SHAPE.test(text)),
    flag(BLANK.test(text)),
    flag(end.endsWith('?')),
    flag(!/[.?!:;)"'`\]}]$/.test(end)),
    flag(WHAT.test(lower)),
    flag(WHO.test(lower)),
    flag(WHY.test(lower)),
    flag(YES_NO.test(lower)),
    flag(COMMAND.test(lower)),
  ];
}
