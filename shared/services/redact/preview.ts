/** What would become of a text by a mode: for looking at, so nothing of it is kept, logged or counted. */
import type { PiiSpan } from '../../model/pii.ts';
import type { Flags, PiiDetectorKind, PiiMode } from '../../model/policy.ts';
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

export interface PreviewRequest {
  text: string;
  mode: PiiMode;
  /** The stage's own where it is left out. */
  detector?: PiiDetectorKind | undefined;
}

export const previewText = async (
  { personalData, flags }: PreviewDeps,
  { text, mode, detector: wanted }: PreviewRequest,
): Promise<Preview> => {
  const kind = wanted ?? (await flags()).pii.detector;
  const { spans, detector, partial } = await personalData.inspect(text, kind);
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
