/** What is known of the rules that are no phrases. */
import type { FirewallCategory, FirewallRule } from '../../../model/firewall.ts';

const rules =
  (category: FirewallCategory) =>
  (id: string, action: FirewallRule['action']): FirewallRule => ({
    id: `${category}.${id}`,
    category,
    action,
  });

const unicode = rules('unicode');
const encoded = rules('encoded');
const secret = rules('secrets');
const bomb = rules('bombs');

export const PLAIN_RULES: readonly FirewallRule[] = [
  unicode('tags', 'block'),
  unicode('selectors', 'block'),
  unicode('zero-width', 'block'),
  unicode('zero-width-words', 'flag'),
  unicode('overrides', 'block'),
  unicode('embeddings', 'flag'),
  unicode('accents', 'flag'),
  encoded('base64', 'block'),
  encoded('hex', 'block'),
  encoded('escapes', 'block'),
  encoded('rot13', 'block'),
  encoded('backwards', 'block'),
  encoded('spelled', 'block'),
  encoded('hidden', 'block'),
  secret('own-key', 'block'),
  secret('private-key', 'block'),
  secret('aws-secret-key', 'block'),
  secret('aws-access-key-id', 'flag'),
  secret('github-token', 'block'),
  secret('github-fine-grained', 'block'),
  secret('slack-token', 'block'),
  secret('stripe-key', 'block'),
  secret('openai-key', 'block'),
  secret('anthropic-key', 'block'),
  secret('jwt', 'flag'),
  bomb('run', 'flag'),
  bomb('words', 'flag'),
  bomb('size', 'flag'),
];
