/** What is known of the rules that are no phrases. */
import type { FirewallCategory, FirewallRule } from '../../../model/firewall.ts';

const rules =
  (category: FirewallCategory) =>
  (id: string, action: FirewallRule['action'], what: string, why: string): FirewallRule => ({
    id: `${category}.${id}`,
    category,
    what,
    why,
    action,
  });

const unicode = rules('unicode');
const encoded = rules('encoded');
const secret = rules('secrets');
const bomb = rules('bombs');

const WRAPPED = 'an order that people and filters cannot read is meant for the model alone';
const LEAVES = 'what is sent to a provider has left the house';

export const PLAIN_RULES: readonly FirewallRule[] = [
  unicode('tags', 'block', 'tag characters outside of a flag', 'they spell text that only a model sees'),
  unicode(
    'selectors',
    'block',
    'variation selectors in a row',
    'each is a byte of a hidden text; a character has one at most',
  ),
  unicode(
    'zero-width',
    'block',
    'eight zero-width characters or more in a row',
    'they are the bits of a hidden text',
  ),
  unicode(
    'zero-width-words',
    'flag',
    'zero-width characters inside of words',
    'they hide words from filters, and come with copies from web pages',
  ),
  unicode(
    'overrides',
    'block',
    'an order to turn the direction of writing, where nothing is written from right to left',
    'people then read another text than the model',
  ),
  unicode(
    'embeddings',
    'flag',
    'embedded directions where nothing is written from right to left',
    'programs wrap names in them, and so do attackers',
  ),
  unicode('accents', 'flag', 'many accents on one letter', 'it hides words from filters, and is a joke'),
  encoded('base64', 'block', 'an order in base64', WRAPPED),
  encoded('hex', 'block', 'an order in hexadecimal digits', WRAPPED),
  encoded('escapes', 'block', 'an order in percent signs, escapes or entities', WRAPPED),
  encoded('rot13', 'block', 'an order in rot13', WRAPPED),
  encoded('backwards', 'block', 'an order written backwards', WRAPPED),
  encoded('spelled', 'block', 'an order in letters that stand apart, or in words that do not', WRAPPED),
  encoded('hidden', 'block', 'an order in tag characters or variation selectors', WRAPPED),
  secret('own-key', 'block', 'a key of this gateway', 'whoever reads the prompt may call in its name'),
  secret('private-key', 'block', 'a private key', LEAVES),
  secret('aws-secret-key', 'block', 'an AWS secret access key', LEAVES),
  secret(
    'aws-access-key-id',
    'flag',
    'an AWS access key id',
    'by itself it opens nothing, but its secret is seldom far',
  ),
  secret('github-token', 'block', 'a GitHub token, by its checksum', LEAVES),
  secret('github-fine-grained', 'block', 'a fine-grained GitHub token', LEAVES),
  secret('slack-token', 'block', 'a Slack token', LEAVES),
  secret('stripe-key', 'block', 'a live key of Stripe', LEAVES),
  secret('openai-key', 'block', 'an OpenAI key', LEAVES),
  secret('anthropic-key', 'block', 'an Anthropic key', LEAVES),
  secret('jwt', 'flag', 'a JSON web token', 'it may be a session, or an expired one out of a tutorial'),
  bomb(
    'run',
    'flag',
    'one character thousands of times',
    'it fills a context, runs up costs and unsettles models; people try out limits with it too',
  ),
  bomb(
    'words',
    'flag',
    'the same few words hundreds of times',
    'it fills a context, runs up costs and unsettles models; people try out limits with it too',
  ),
  bomb(
    'size',
    'flag',
    'more than a million characters in one request',
    'hardly a model reads that much, and each is paid for',
  ),
];
