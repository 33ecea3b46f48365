/** Numbers for people: the same digits everywhere, with their unit. `–` is what is not known. */
export const NONE = '–';

type Known = number | null | undefined;

const known = (value: Known): value is number => typeof value === 'number' && Number.isFinite(value);

const digits = (value: number, significant: number): string =>
  new Intl.NumberFormat('en-US', { maximumSignificantDigits: significant }).format(value);

export const count = (value: Known): string => {
  if (!known(value)) return NONE;
  if (Math.abs(value) >= 100_000) {
    return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
  }
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value);
};

export const rate = (value: Known): string => {
  if (!known(value)) return NONE;
  if (value === 0) return '0';
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value);
};

/** Dollars: small amounts keep three digits that say something. */
export const usd = (value: Known): string => {
  if (!known(value)) return NONE;
  if (value === 0) return '$0';
  const size = Math.abs(value);
  if (size < 0.000_000_1) return `$${value.toExponential(1)}`;
  if (size < 1) {
    const text = value.toFixed(Math.min(10, 2 - Math.floor(Math.log10(size))));
    return `$${size >= 0.01 ? text.replace(/(\.\d\d+?)0+$/, '$1') : text}`;
  }
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(value);
};

/** As an axis says it: `5.00/s` is `5/s`, `1.50 s` is `1.5 s`. */
export const tick = (text: string): string =>
  text.replace(/\.0+(?!\d)/, '').replace(/(\.\d*?[1-9])0+(?!\d)/, '$1');

/** A duration as number and unit, so that the unit can be set smaller. */
export const duration = (ms: Known): { readonly value: string; readonly unit: string } => {
  if (!known(ms)) return { value: NONE, unit: '' };
  if (ms < 1) return { value: ms === 0 ? '0' : digits(ms, 2), unit: 'ms' };
  if (ms < 1_000) return { value: ms < 10 ? digits(ms, 2) : String(Math.round(ms)), unit: 'ms' };
  if (ms < 60_000) return { value: (ms / 1_000).toFixed(ms < 10_000 ? 2 : 1), unit: 's' };
  return { value: (ms / 60_000).toFixed(1), unit: 'min' };
};

export const ms = (value: Known): string => {
  const { value: number, unit } = duration(value);
  return unit === '' ? number : `${number} ${unit}`;
};

export const percent = (share: Known, places = 1): string => {
  if (!known(share)) return NONE;
  const value = share * 100;
  if (value > 0 && value < 10 ** -places) return `<${10 ** -places}%`;
  return `${value.toFixed(value === 0 || value === 100 ? 0 : places)}%`;
};

export const quality = (value: Known): string => (known(value) ? value.toFixed(3) : NONE);

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day; the date too where it is not today. */
export const clock = (at: string | number, now: number): string => {
  const then = new Date(at);
  const time = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
  if (then.toDateString() === new Date(now).toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
};

export const ago = (at: string | number | null | undefined, now: number): string => {
  if (at === null || at === undefined) return 'never';
  const seconds = Math.round((now - new Date(at).getTime()) / 1_000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
};

/** `tokens_per_day` as words; what is not listed keeps its name without underscores. */
const LIMITS: Readonly<Record<string, string>> = {
  second: 'Requests a second',
  minute: 'Requests a minute',
  hour: 'Requests an hour',
  tokens_per_day: 'Tokens a day',
  cost_per_day_usd: 'Spend a day',
  concurrent: 'At once',
};

export const limitName = (name: string): string => LIMITS[name] ?? name.replaceAll('_', ' ');

/** Why a model is out of a decision. */
const REASONS: Readonly<Record<string, string>> = {
  context_window: 'prompt too long for it',
  max_output_tokens: 'answer too long for it',
  max_cost_usd: 'dearer than allowed',
  latency_slo_ms: 'slower than asked for',
  missing_capability: 'cannot do what is asked',
  breaker_open: 'its breaker is open',
  not_in_policy: 'not of this policy',
  no_key: 'it has no key',
};

export const reasonName = (reason: string): string => REASONS[reason] ?? words(reason);

export const words = (code: string): string => code.replaceAll('_', ' ');
