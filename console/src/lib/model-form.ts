/** The form of a model: texts in, the router's registration out, with a word for each field that is wrong. */
import type { Schemas } from '../api/client.ts';
import type { Adapter } from '../api/shapes.ts';

export type Registration = Schemas['AdapterRequest'];

export const PROVIDERS = ['simulated', 'openai', 'anthropic', 'bedrock', 'openai-compatible'] as const;
export const CAPABILITIES = ['streaming', 'tools', 'json', 'vision', 'embeddings'] as const;

export interface ModelForm {
  readonly id: string;
  readonly provider: (typeof PROVIDERS)[number];
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly quality: string;
  readonly latency: string;
  readonly context: string;
  readonly longest: string;
  readonly address: string;
  readonly apiKey: string;
  readonly capabilities: readonly (typeof CAPABILITIES)[number][];
  readonly enabled: boolean;
  readonly simulatedQuality: string;
  readonly faultRate: string;
}

export type FormErrors = Partial<Record<keyof ModelForm, string>>;

const shown = (value: number | undefined): string => (value === undefined ? '' : String(value));

export const emptyForm: ModelForm = {
  id: '',
  provider: 'simulated',
  model: '',
  input: '',
  output: '',
  quality: '0.5',
  latency: '',
  context: '',
  longest: '',
  address: '',
  apiKey: '',
  capabilities: ['streaming'],
  enabled: true,
  simulatedQuality: '',
  faultRate: '',
};

export const formOf = (adapter: Adapter): ModelForm => ({
  ...emptyForm,
  id: adapter.id,
  provider: adapter.provider,
  model: adapter.model,
  input: shown(adapter.price.input_per_mtok),
  output: shown(adapter.price.output_per_mtok),
  quality: shown(adapter.quality),
  latency: shown(adapter.latency_ms),
  context: shown(adapter.context_window),
  longest: shown(adapter.max_output_tokens),
  address: adapter.base_url ?? '',
  capabilities: adapter.capabilities,
  enabled: adapter.enabled,
  simulatedQuality: typeof adapter.simulated?.quality === 'number' ? String(adapter.simulated.quality) : '',
  faultRate: shown(adapter.simulated?.fault_rate),
});

interface Bound {
  readonly max?: number;
  readonly whole?: boolean;
  readonly needed?: boolean;
}

/** The number in a field, nothing where it is empty, or what is wrong with it. */
const readNumber = (
  text: string,
  { max, whole = false, needed = false }: Bound,
): number | string | undefined => {
  if (text.trim() === '') return needed ? 'Needed' : undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) return 'A number, 0 or more';
  if (max !== undefined && value > max) return `At most ${max}`;
  return whole && !Number.isInteger(value) ? 'A whole number' : value;
};

/** `kept` is what is registered now: what the form does not show stays as it is. */
export const readForm = (
  form: ModelForm,
  kept?: Adapter,
): { readonly registration: Registration; readonly errors: FormErrors } => {
  const errors: FormErrors = {};
  const numeric = (field: keyof ModelForm, bound: Bound = {}): number | undefined => {
    const read = readNumber(String(form[field]), bound);
    if (typeof read === 'string') errors[field] = read;
    return typeof read === 'number' ? read : undefined;
  };
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(form.id)) {
    errors.id = form.id === '' ? 'Needed' : 'Small letters, digits, dots, dashes, underscores; at most 64';
  }
  if (form.address !== '' && !URL.canParse(form.address))
    errors.address = 'An address such as https://host/v1';
  const input = numeric('input', { needed: true });
  const output = numeric('output', { needed: true });
  const optional = {
    latency_ms: numeric('latency'),
    context_window: numeric('context', { whole: true }),
    max_output_tokens: numeric('longest', { whole: true }),
    model: form.model.trim() || undefined,
    base_url: form.address.trim() || undefined,
    api_key: form.apiKey.trim() || undefined,
    secret_name: form.apiKey.trim() === '' ? kept?.secret_name : undefined,
  };
  const simulated = {
    ...kept?.simulated,
    quality: numeric('simulatedQuality', { max: 1 }) ?? kept?.simulated?.quality,
    fault_rate: numeric('faultRate', { max: 1 }),
  };
  const registration = {
    id: form.id,
    provider: form.provider,
    price: { input_per_mtok: input ?? 0, output_per_mtok: output ?? 0 },
    quality: numeric('quality', { max: 1 }) ?? 0.5,
    capabilities: [...form.capabilities],
    enabled: form.enabled,
    ...given(optional),
    ...(form.provider === 'simulated' ? { simulated: given(simulated) } : {}),
  } as Registration;
  return { registration, errors };
};

const given = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** Which field of the form a fault of the router's reply belongs to. */
export const FIELD_OF_PATH: Readonly<Record<string, keyof ModelForm>> = {
  '/id': 'id',
  '/provider': 'provider',
  '/model': 'model',
  '/price/input_per_mtok': 'input',
  '/price/output_per_mtok': 'output',
  '/quality': 'quality',
  '/latency_ms': 'latency',
  '/context_window': 'context',
  '/max_output_tokens': 'longest',
  '/base_url': 'address',
  '/api_key': 'apiKey',
  '/simulated/quality': 'simulatedQuality',
  '/simulated/fault_rate': 'faultRate',
};
