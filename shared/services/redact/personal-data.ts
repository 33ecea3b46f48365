/**
 * What becomes of the personal data of a request, by its policy's mode: found by patterns at once and, where there is a
 * model, by that too; then redacted, replaced by pseudonyms, or only named in what is written down.
 */
import { AppError } from '../../errors/app-error.ts';
import { type ChatBody, chatOf, promptOf } from '../../model/chat.ts';
import type { PiiSpan, PiiType } from '../../model/pii.ts';
import type { PiiDetectorKind, Policy } from '../../model/policy.ts';
import type { PiiDetector } from '../../ports/pii-detector.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { PEPPER_SECRET } from '../pepper.ts';
import { RingReader } from '../secrets/ring-reader.ts';
import type { GuardedReader } from './guarded-reader.ts';
import { mergeSpans } from './merge-spans.ts';
import { numbersOf, Pseudonyms } from './pseudonyms.ts';
import { type Redact, redactChat } from './redact-chat.ts';
import { redactText } from './redactor.ts';
import { type Restore, restoring } from './restore-events.ts';
import { mayHoldNames } from './worth-reading.ts';

/** The log's view of it: names and numbers. */
export interface PiiFacts {
  findings?: number;
  pii?: Partial<Record<PiiType, number>>;
  pii_mode?: string;
  pii_partial?: true;
  pii_fallback?: true;
  /** What the model would have added, where it is only tried. */
  pii_shadow?: { added: number; complete: boolean } | 'failed';
}

export interface PersonalDataRequest {
  chat: ChatBody;
  taskType?: string | undefined;
  sessionId?: string | undefined;
  tenantId: string;
  policy: Pick<Policy, 'pii_mode' | 'pii_on_failure'>;
  detector: PiiDetectorKind;
  facts: PiiFacts;
}

export interface Treated {
  /** As the provider may see it. */
  sent: ChatBody;
  /** What may be gone by, whatever the mode. */
  redacted: { chat: ChatBody; findings: number; prompt: string; taskType?: string };
  /** What may be written down; the caller's own words where the mode is `off`. */
  stored: { prompt: string; taskType?: string; sessionId?: string };
  /** Puts back what the provider did not see. */
  restore?: Restore;
  /** Had the model no time for all of it? */
  partial: boolean;
}

export interface PersonalDataDeps {
  rules: PiiDetector;
  /** None where there is no model: patterns are all there is. */
  reader?: GuardedReader | undefined;
  secrets: Pick<SecretStore, 'get'>;
}

type SpansOf = (text: string, isName?: boolean) => readonly PiiSpan[];

interface Found {
  spansOf: SpansOf;
  partial: boolean;
}

export class PersonalData {
  readonly #deps: PersonalDataDeps;
  readonly #pepper: RingReader;

  constructor(deps: PersonalDataDeps) {
    this.#deps = deps;
    this.#pepper = new RingReader(deps.secrets, PEPPER_SECRET);
  }

  /** Throws `blocked` where the mode lets none through, `unavailable` where it cannot be found and the policy says refuse. */
  async treat(request: PersonalDataRequest): Promise<Treated> {
    const { chat, policy, facts, taskType, sessionId } = request;
    const { pii_mode: mode } = policy;
    const found = await this.#find(request);
    const { partial } = found;
    const spansOf = mode === 'pseudonymise' ? remembering(found.spansOf) : found.spansOf;
    const types: Partial<Record<PiiType, number>> = {};
    const redact: Redact = (text, isName) => {
      const spans = spansOf(text, isName);
      for (const { type } of spans) types[type] = (types[type] ?? 0) + 1;
      return { text: redactText(text, spans), findings: spans.length };
    };
    const redacted = redactChat(chat, redact);
    facts.findings = redacted.findings;
    if (redacted.findings > 0) {
      facts.pii = types;
      facts.pii_mode = mode;
    }
    if (partial) facts.pii_partial = true;
    if (mode === 'block' && redacted.findings > 0)
      throw new AppError(
        'blocked',
        'The prompt holds personal data, which this policy does not let through.',
      );
    const clean = (text: string): string => redactText(text, spansOf(text));
    const described = { prompt: promptOf(redacted.chat), ...taskOf(taskType, clean) };
    const keep = (text: string): string => (mode === 'off' ? text : clean(text));
    return {
      ...(mode === 'redact' ? { sent: redacted.chat } : await this.#sent(request, redacted, spansOf)),
      redacted: { ...redacted, ...described },
      stored: {
        prompt: mode === 'off' ? promptOf(chat) : described.prompt,
        ...taskOf(taskType, keep),
        ...(sessionId === undefined ? {} : { sessionId: keep(sessionId) }),
      },
      partial,
    };
  }

  /** What would be found in a text. By patterns alone, as far as the model is away or not wanted. */
  async inspect(
    text: string,
    detector: PiiDetectorKind,
  ): Promise<{ spans: readonly PiiSpan[]; detector: 'rules' | 'model'; partial: boolean }> {
    const isHybrid = detector === 'hybrid' && this.#deps.reader !== undefined;
    const facts: PiiFacts = {};
    const { spansOf, partial } = await this.#find({
      chat: chatOf(text),
      tenantId: '',
      policy: { pii_mode: 'redact', pii_on_failure: 'rules' },
      detector: isHybrid ? 'hybrid' : 'rules',
      facts,
    });
    const byModel = isHybrid && facts.pii_fallback !== true;
    return { spans: spansOf(text), detector: byModel ? 'model' : 'rules', partial };
  }

  async #sent(
    request: PersonalDataRequest,
    redacted: { chat: ChatBody; findings: number },
    spansOf: SpansOf,
  ): Promise<Pick<Treated, 'sent' | 'restore'>> {
    const { chat, policy } = request;
    if (policy.pii_mode !== 'pseudonymise' || redacted.findings === 0) return { sent: chat };
    const pseudonyms = await this.#pseudonyms(request);
    const replace: Redact = (text, isName) => {
      const spans = spansOf(text, isName);
      return { text: pseudonyms.replace(text, spans), findings: spans.length };
    };
    redactChat(chat, (text) => {
      pseudonyms.leaveOut(text);
      return { text, findings: 0 };
    });
    // What stands beside the messages comes first: it is the same in every turn, and messages come to the end of theirs.
    const { messages, ...beside } = chat;
    redactChat({ ...beside, messages: [] }, replace);
    return { sent: redactChat(chat, replace).chat, restore: restoring(pseudonyms, chat) };
  }

  async #pseudonyms({ tenantId, sessionId }: PersonalDataRequest): Promise<Pseudonyms> {
    if (sessionId === undefined) return new Pseudonyms();
    const { root } = await this.#pepper.ring();
    return new Pseudonyms(numbersOf(root, `${tenantId}\0${sessionId}`));
  }

  #find(request: PersonalDataRequest): Found | Promise<Found> {
    const { rules, reader } = this.#deps;
    const { detector, policy } = request;
    const patterns: Found = { spansOf: (text) => rules.detect(text), partial: false };
    const byPatternsAlone = reader === undefined || detector === 'rules' || policy.pii_mode === 'off';
    return byPatternsAlone ? patterns : this.#read(reader, request, patterns);
  }

  async #read(reader: GuardedReader, request: PersonalDataRequest, patterns: Found): Promise<Found> {
    const { rules } = this.#deps;
    const { detector, policy, facts } = request;
    const texts = textsOf(request);
    if (texts.size === 0) return patterns;
    if (detector === 'shadow') {
      void this.#shadow(reader, texts, facts);
      return patterns;
    }
    try {
      const readings = await reader.read(texts);
      const spansOf: SpansOf = (text, isName) => {
        const read = isName === true ? undefined : readings.get(text);
        return mergeSpans(text, rules.detect(text), read?.spans ?? []);
      };
      return { spansOf, partial: [...readings.values()].some(({ complete }) => !complete) };
    } catch (error) {
      facts.pii_fallback = true;
      if (policy.pii_on_failure === 'rules') return patterns;
      throw new AppError('unavailable', 'Personal data cannot be looked for just now.', {
        cause: error,
      });
    }
  }

  /** Beside the request, which never waits for it. Never rejects. */
  async #shadow(reader: GuardedReader, texts: ReadonlySet<string>, facts: PiiFacts): Promise<void> {
    try {
      const readings = [...(await reader.read(texts))];
      const added = readings.map(([text, { spans }]) => {
        const patterns = this.#deps.rules.detect(text);
        return mergeSpans(text, patterns, spans).length - patterns.length;
      });
      facts.pii_shadow = {
        added: added.reduce((sum, count) => sum + count, 0),
        complete: readings.every(([, { complete }]) => complete),
      };
    } catch {
      facts.pii_shadow = 'failed';
    }
  }
}

/** Where the same texts are gone through more than once. */
const remembering = (spansOf: SpansOf): SpansOf => {
  const known = new Map<string, readonly PiiSpan[]>();
  return (text, isName = false) => {
    const key = `${isName ? 'name' : 'text'} ${text}`;
    const spans = known.get(key) ?? spansOf(text, isName);
    known.set(key, spans);
    return spans;
  };
};

const taskOf = (taskType: string | undefined, by: (text: string) => string): { taskType?: string } =>
  taskType === undefined ? {} : { taskType: by(taskType) };

/** What the model is to read, the last that was said first: of a long conversation that is what is new. */
const textsOf = ({ chat, taskType, sessionId }: PersonalDataRequest): ReadonlySet<string> => {
  const texts: string[] = [];
  redactChat(chat, (text, isName) => {
    if (isName !== true && mayHoldNames(text)) texts.push(text);
    return { text, findings: 0 };
  });
  for (const text of [taskType, sessionId]) if (text !== undefined && mayHoldNames(text)) texts.push(text);
  return new Set(texts.reverse());
};
