/** International bank account numbers: country lengths (SWIFT registry) and mod 97 (ISO 13616), with or without spaces. */
import { type Finder, span } from './text.ts';

const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 ' +
    'LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 ' +
    'RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const START = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])/g;

export const passesMod97 = (iban: string): boolean => {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
};

/** The end of `length` letters and digits from `start`, single spaces or dashes skipped; undefined where they are broken off. */
const endOf = (plain: string, start: number, length: number): number | undefined => {
  let taken = 0;
  let index = start;
  while (taken < length) {
    const character = plain[index];
    if (character !== undefined && /[A-Za-z0-9]/.test(character)) taken += 1;
    else if ((character !== ' ' && character !== '-') || !/[A-Za-z0-9]/.test(plain[index - 1] ?? ''))
      return undefined;
    index += 1;
  }
  return /[A-Za-z0-9]/.test(plain[index] ?? '') ? undefined : index;
};

export const findIbans: Finder = (plain) => {
  const found = [];
  for (const match of plain.matchAll(START)) {
    const length = LENGTHS[match[0].slice(0, 2).toUpperCase()];
    const end = length === undefined ? undefined : endOf(plain, match.index, length);
    if (end === undefined) continue;
    const iban = plain.slice(match.index, end).replace(/[ -]/g, '').toUpperCase();
    if (passesMod97(iban)) found.push(span(match.index, end, 'IBAN'));
  }
  return found;
};
