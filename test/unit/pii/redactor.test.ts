import { describe, expect, it } from 'vitest';
import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';
import { Redactor, redactText } from '../../../shared/services/redact/redactor.ts';
import { findings } from './findings.ts';

const redactor = new Redactor(patternDetector());

describe('redaction', () => {
  it('names the type of each finding and keeps the rest', () => {
    const redacted = redactor.redact('I am john.doe@example.com, SSN 123-45-6789, hello');

    expect(redacted).toEqual({ text: 'I am [REDACTED:EMAIL], SSN [REDACTED:SSN], hello', findings: 2 });
  });

  it('gives clean text back as it is', () => {
    expect(redactor.text('Explain quantum computing')).toBe('Explain quantum computing');
  });

  it('redacts at both ends of a text', () => {
    expect(redactor.text('a@example.com b@example.com')).toBe('[REDACTED:EMAIL] [REDACTED:EMAIL]');
  });

  it('finds nothing in what it has redacted', () => {
    const once = redactor.text('4111111111111111 81.2.69.142 +14155552671 GB82WEST12345698765432');

    expect(once).toBe('[REDACTED:CREDIT_CARD] [REDACTED:IP] [REDACTED:PHONE] [REDACTED:IBAN]');
    expect(redactor.text(once)).toBe(once);
  });

  it('tells whether an identifier holds personal data', () => {
    expect(redactor.holdsPersonalData('john.doe@example.com')).toBe(true);
    expect(redactor.holdsPersonalData('gpt-4')).toBe(false);
  });

  it('fails closed: a detector that throws lets no text through', () => {
    const broken = new Redactor({
      detect: () => {
        throw new Error('out of order');
      },
    });

    expect(() => broken.text('john.doe@example.com')).toThrow('out of order');
  });

  it('leaves a text without spans alone', () => {
    expect(redactText('text', [])).toBe('text');
  });
});

describe('overlapping findings', () => {
  it('an IBAN outranks the card among its digits', () => {
    expect(findings('BE68 5390 0754 7034')).toEqual(['IBAN BE68 5390 0754 7034']);
  });

  it('a card outranks a telephone number of the same digits', () => {
    expect(findings('call 4222222222222 card')).toEqual(['CREDIT_CARD 4222222222222']);
  });

  it('an address outranks the number in its name', () => {
    expect(findings('415-555-2671@example.com')).toEqual(['EMAIL 415-555-2671@example.com']);
  });

  it('what was checked harder replaces a finding that starts before it', () => {
    expect(findings('call 12 123-45-6789')).toEqual(['SSN 123-45-6789']);
  });
});
