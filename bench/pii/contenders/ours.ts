/** Patterns alone, the model alone, and both as requests get them. */
import type { TextModel } from '../../../shared/adapters/pii/model/text-model.ts';
import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';
import type { PiiSpan } from '../../../shared/model/pii.ts';
import { mergeSpans } from '../../../shared/services/redact/merge-spans.ts';
import type { Contender } from './contender.ts';

const detector = patternDetector();

export const rules: Contender = {
  name: 'rules',
  find: async (texts) => texts.map((text) => detector.detect(text)),
};

export const modelAlone = (model: TextModel, name = 'model'): Contender => {
  const known = new Map<string, PiiSpan[]>();
  return {
    name,
    find: async (texts) => {
      const found: PiiSpan[][] = [];
      for (const text of texts) {
        const spans = known.get(text) ?? (await model.read([text], Number.POSITIVE_INFINITY))[0]?.spans ?? [];
        known.set(text, spans);
        found.push(spans);
      }
      return found;
    },
  };
};

export const hybrid = (model: Contender): Contender => ({
  name: 'hybrid',
  find: async (texts) => {
    const read = await model.find(texts);
    return texts.map((text, index) => [...mergeSpans(text, detector.detect(text), read[index] ?? [])]);
  },
});
