/** Real models that this machine can already reach: by a key in the environment, or an Ollama that runs. */
import type { ModelSeed } from './simulated-models.ts';

export interface FoundProviders {
  models: ModelSeed[];
  /** For the secret store, by name. */
  secrets: Record<string, string>;
  /** Lines for people. */
  notes: string[];
}

const OPENAI_SECRET = 'provider-openai';
const ANTHROPIC_SECRET = 'provider-anthropic';
const OLLAMA = 'http://127.0.0.1:11434';
const OLLAMA_PATIENCE_MS = 300;
const MOST_OLLAMA_MODELS = 8;

/** US dollars for a million tokens: the list prices since October 2024. Where they have changed, register the model again. */
const OPENAI_MODELS: readonly ModelSeed[] = [
  hosted('openai', OPENAI_SECRET, 'gpt-4o-mini', [0.15, 0.6], 0.7, 900),
  hosted('openai', OPENAI_SECRET, 'gpt-4o', [2.5, 10], 0.85, 1_500),
];

/** The list prices since October 2026. Haiku costs more where a prompt is longer than this window. */
const ANTHROPIC_MODELS: readonly ModelSeed[] = [
  {
    ...hosted('anthropic', ANTHROPIC_SECRET, 'claude-haiku-5-5', [0.1, 0.5], 0.75, 900),
    context_window: 100_000,
  },
  hosted('anthropic', ANTHROPIC_SECRET, 'claude-sonnet-5-5', [2, 10], 0.9, 1_500),
];

function hosted(
  provider: 'openai' | 'anthropic',
  secret_name: string,
  id: string,
  price: [number, number],
  quality: number,
  latencyMs: number,
): ModelSeed {
  return {
    id,
    provider,
    model: id,
    price: { input_per_mtok: price[0], output_per_mtok: price[1] },
    quality,
    latency_ms: latencyMs,
    // Of OpenAI's response_format Anthropic knows schemas alone.
    capabilities:
      provider === 'openai' ? ['tools', 'vision', 'json', 'streaming'] : ['tools', 'vision', 'streaming'],
    secret_name,
  };
}

export const findProviders = async (
  env: Readonly<Record<string, string>>,
  fetchTags: (url: string) => Promise<unknown> = fetchJson,
): Promise<FoundProviders> => {
  const found: FoundProviders = { models: [], secrets: {}, notes: [] };
  for (const [variable, secret, models] of [
    ['OPENAI_API_KEY', OPENAI_SECRET, OPENAI_MODELS],
    ['ANTHROPIC_API_KEY', ANTHROPIC_SECRET, ANTHROPIC_MODELS],
  ] as const) {
    const key = env[variable] ?? '';
    if (key === '') continue;
    found.models.push(...models);
    found.secrets[secret] = key;
    found.notes.push(`${variable} found: registered ${models.map(({ id }) => id).join(', ')}.`);
  }
  const names = ollamaNames(await fetchTags(`${OLLAMA}/api/tags`).catch(() => undefined));
  if (names.length > 0) {
    found.models.push(...names.map(ollamaModel));
    found.notes.push(`Ollama found: registered ${names.join(', ')}.`);
  }
  return found;
};

const fetchJson = async (url: string): Promise<unknown> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(OLLAMA_PATIENCE_MS) });
  return response.ok ? response.json() : undefined;
};

const ollamaNames = (reply: unknown): string[] => {
  if (typeof reply !== 'object' || reply === null || !('models' in reply) || !Array.isArray(reply.models))
    return [];
  const names = reply.models.map((model: unknown) =>
    typeof model === 'object' && model !== null && 'name' in model && typeof model.name === 'string'
      ? model.name
      : '',
  );
  return names.filter((name) => name !== '').slice(0, MOST_OLLAMA_MODELS);
};

const ollamaModel = (name: string): ModelSeed => ({
  id: `ollama-${name}`
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .slice(0, 64),
  provider: 'openai-compatible',
  model: name,
  price: { input_per_mtok: 0, output_per_mtok: 0 },
  quality: 0.5,
  latency_ms: 3_000,
  base_url: `${OLLAMA}/v1`,
});
