/** Personal data to plant, and the search for it: as it is, and in the spellings that text takes on its way to a store. */
import { randomInt } from 'node:crypto';

export interface Planted {
  name: string;
  email: string;
  ssn: string;
  card: string;
  phone: string;
  iban: string;
  ip: string;
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');
const letters = (count: number): string =>
  Array.from({ length: count }, () => 'abcdefghijkmnpqrstuvwxyz'[randomInt(24)] ?? 'a').join('');

const luhn = (body: string): string => {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
};

const germanIban = (): string => {
  const account = digits(18);
  let remainder = 0;
  for (const digit of `${account}131400`) remainder = (remainder * 10 + Number(digit)) % 97;
  return `DE${String(98 - remainder).padStart(2, '0')}${account}`;
};

/** Values that occur nowhere else, so that finding one tells where it came from. `name` says where it is planted. */
export const plant = (name: string): Planted => ({
  name,
  email: `${letters(8)}.doe@example.com`,
  ssn: `${randomInt(100, 665)}-${randomInt(10, 99)}-${randomInt(1_000, 9_999)}`,
  card: luhn(`4${digits(14)}`),
  phone: `+1 ${randomInt(201, 989)} 555 ${randomInt(1_000, 9_999)}`,
  iban: germanIban(),
  ip: `203.${randomInt(10, 250)}.${randomInt(100, 250)}.${randomInt(100, 250)}`,
});

export const allOf = (planted: Planted): string =>
  `Write to ${planted.email}, SSN ${planted.ssn}, card ${planted.card}, call ${planted.phone}, IBAN ${planted.iban}, host ${planted.ip}.`;

/** The part of a base64 text that does not depend on what stands before or behind. */
const base64Cores = (value: string): string[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.from('x'.repeat(shift) + value)
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(shift === 0 ? 0 : shift + 1, -2);
  });

const spellings = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  encodeURIComponent(value).toLowerCase(),
  value.replaceAll('@', '\\u0040'),
  Buffer.from(value).toString('hex'),
  ...base64Cores(value),
];

/** Which planted values stand in `haystack`, as `where: value`. */
export const findPlanted = (haystack: string, planted: readonly Planted[]): string[] => {
  const lower = haystack.toLowerCase();
  return planted.flatMap(({ name, ...values }) =>
    Object.values(values)
      .filter((value: string) =>
        spellings(value).some(
          (spelling) => haystack.includes(spelling) || lower.includes(spelling.toLowerCase()),
        ),
      )
      .map((value) => `${name}: ${value}`),
  );
};
