import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';

const detector = patternDetector();

/** Each finding as `TYPE text`, in order. */
export const findings = (text: string): string[] =>
  detector.detect(text).map(({ start, end, type }) => `${type} ${text.slice(start, end)}`);
