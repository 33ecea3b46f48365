/** Libraries from npm that say they find personal data or names, installed apart below .cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PiiSpan, PiiType } from '../../../shared/model/pii.ts';
import type { Contender } from './contender.ts';

const PACKAGES = ['compromise@14.17.0', 'openredaction@1.1.5', 'libphonenumber-js@1.13.16'];

export const installNpmPeers = (cache: string): NodeJS.Require => {
  const directory = join(cache, 'npm');
  const manifest = join(directory, 'package.json');
  if (!existsSync(join(directory, 'node_modules', 'libphonenumber-js'))) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(manifest, '{"private":true}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES], {
      cwd: directory,
      stdio: 'ignore',
    });
  }
  return createRequire(manifest);
};

interface Offset {
  offset: { start: number; length: number };
}
interface CompromiseView {
  json(options: { offset: true }): Offset[];
}
interface CompromiseDoc {
  people(): CompromiseView;
  emails(): CompromiseView;
  phoneNumbers(): CompromiseView;
}

/** Its spans take the punctuation behind a word along. */
const trimmed = (text: string, { offset }: Offset, type: PiiType): PiiSpan => {
  const raw = text.slice(offset.start, offset.start + offset.length);
  const left = raw.length - raw.replace(/^[^\p{L}\p{N}+(]+/u, '').length;
  const end = offset.start + raw.replace(/(?:['’]s)?[^\p{L}\p{N}]+$/u, '').length;
  return { start: offset.start + left, end, type };
};

export const compromise = (require: NodeJS.Require): Contender => {
  const nlp = require('compromise') as (text: string) => CompromiseDoc;
  return {
    name: 'compromise',
    find: async (texts) =>
      texts.map((text) => {
        const doc = nlp(text);
        const spansOf = (view: CompromiseView, type: PiiType): PiiSpan[] =>
          view.json({ offset: true }).map((found) => trimmed(text, found, type));
        return [
          ...spansOf(doc.people(), 'PERSON'),
          ...spansOf(doc.emails(), 'EMAIL'),
          ...spansOf(doc.phoneNumbers(), 'PHONE'),
        ].filter(({ start, end }) => end > start);
      }),
  };
};

/** By the first word of its own types; what has no counterpart here counts for clean prompts only where it is one of ours. */
const TYPES: readonly (readonly [RegExp, PiiType])[] = [
  [/NAME/, 'PERSON'],
  [/EMAIL/, 'EMAIL'],
  [/PHONE/, 'PHONE'],
  [/^SSN|SOCIAL_SECURITY/, 'SSN'],
  [/CREDIT_CARD/, 'CREDIT_CARD'],
  [/IBAN/, 'IBAN'],
  [/^IP|IPV[46]/, 'IP'],
  [/ADDRESS|STREET/, 'ADDRESS'],
];

interface Detection {
  type: string;
  position: [number, number];
}

export const openRedaction = (require: NodeJS.Require): Contender => {
  const { OpenRedaction } = require('openredaction') as {
    OpenRedaction: new (options: object) => { detect(text: string): Promise<{ detections: Detection[] }> };
  };
  const redactor = new OpenRedaction({ redactionMode: 'placeholder' });
  return {
    name: 'openredaction',
    find: async (texts) => {
      const found: PiiSpan[][] = [];
      for (const text of texts) {
        const { detections } = await redactor.detect(text);
        found.push(
          detections.flatMap(({ type, position: [start, end] }) => {
            const ours = TYPES.find(([name]) => name.test(type))?.[1];
            return ours === undefined ? [] : [{ start, end, type: ours }];
          }),
        );
      }
      return found;
    },
  };
};

interface PhoneFound {
  startsAt: number;
  endsAt: number;
}

/** Telephones alone; numbers without a country's code are read as American. */
export const libPhoneNumber = (require: NodeJS.Require): Contender => {
  const { findPhoneNumbersInText } = require('libphonenumber-js') as {
    findPhoneNumbersInText(text: string, options: { defaultCountry: string; v2: true }): PhoneFound[];
  };
  return {
    name: 'libphonenumber',
    find: async (texts) =>
      texts.map((text) =>
        findPhoneNumbersInText(text, { defaultCountry: 'US', v2: true }).map(({ startsAt, endsAt }) => ({
          start: startsAt,
          end: endsAt,
          type: 'PHONE',
        })),
      ),
  };
};
