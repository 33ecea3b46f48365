/** What would become of a text by a mode: for looking at, so nothing of it is kept, logged or counted. */
import type { PiiSpan } from '../../model/pii.ts';
import type { Flags, PiiMode } from '../../model/policy.ts';
import type { PersonalData } from './personal-data.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { redactText } from './redactor.ts';

export interface PreviewDeps {
  personalData: Pick<PersonalData, 'inspect'>;
  flags: () => Promise<Flags>;
}

export interface Preview {
  mode: PiiMode;
  detector: 'rules' | 'model';
  partial: boolean;
  findings: readonly PiiSpan[];
  /** As it would be written down. */
  masked: string;
  /** As a provider would see it; null where nothing goes there. */
  sent: string | null;
}

export const previewText = async (
  { personalData, flags }: PreviewDeps,
  { text, mode }: { text: string; mode: PiiMode },
): Promise<Preview> => {
  const { pii } = await flags();
  const { spans, detector, partial } = await personalData.inspect(text, pii.detector);
  return {
    mode,
    detector,
    partial,
    findings: spans,
    masked: mode === 'off' ? text : redactText(text, spans),
    sent: sentBy(mode, text, spans),
  };
};

const sentBy = (mode: PiiMode, text: string, spans: readonly PiiSpan[]): string | null => {
  if (mode === 'redact') return redactText(text, spans);
  if (mode === 'block') return spans.length > 0 ? null : text;
  if (mode !== 'pseudonymise') return text;
  const pseudonyms = new Pseudonyms();
  pseudonyms.leaveOut(text);
  return pseudonyms.replace(text, spans);
};
