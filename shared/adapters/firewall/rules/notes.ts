/** What each rule finds, and why that is worth a rule: for those who read of them. No function loads this module. */
export interface RuleNote {
  /** What it finds. */
  what: string;
  /** Why that is worth a rule. */
  why: string;
}

export const RULE_NOTES: Readonly<Record<string, RuleNote>> = {
  'injection.override': {
    what: 'an order to ignore, forget or disobey what the model was told',
    why: 'the oldest way to make a model drop what its operator asked',
  },
  'injection.override-loosely': {
    what: 'an order to ignore what was said, without saying that instructions are meant',
    why: 'people take back what they wrote in these words too',
  },
  'injection.extract': {
    what: 'a demand for the system prompt or the instructions the model was given',
    why: "an operator's prompt holds what its users are not to see, and shows how to get around it",
  },
  'injection.extract-loosely': {
    what: 'a question for instructions, or for the text before the question',
    why: 'the same words ask for a summary, or how to assemble a shelf',
  },
  'injection.persona': {
    what: 'the name of a well-known jailbreak, or of a mode without rules',
    why: 'they are handed on as recipes, and work by being known',
  },
  'injection.unrestricted': {
    what: 'a role for the model that knows no rules',
    why: 'a role is the usual wrapping of a demand that would be refused',
  },
  'injection.no-limits': {
    what: 'talk of no rules, limits or filters',
    why: 'jailbreaks say it, and so do offers of telephone companies',
  },
  'injection.no-refusal': {
    what: 'an order never to refuse, warn or apologise',
    why: 'it takes from the model what it would refuse with',
  },
  'injection.fresh-start': {
    what: 'new instructions are announced',
    why: 'what follows is meant to be taken for the operator',
  },
  'injection.no-longer': {
    what: 'the model is told what it is no longer',
    why: 'the first half of a new role',
  },
  'injection.keeper': {
    what: 'a demand for a secret that the model is supposed to keep',
    why: 'what a prompt holds is told to whoever asks cleverly enough',
  },
  'injection.password': {
    what: 'a demand for a password or a key',
    why: 'harmless where there is none, and asked by people who lost theirs',
  },
  'injection.to-machine': {
    what: 'a text that turns to whatever machine reads it',
    why: 'pages and mails carry such orders for the assistant that will read them',
  },
  'injection.behind-back': {
    what: 'an order to keep something from the user',
    why: 'who gives it is not the user',
  },
  'injection.exfiltrate': {
    what: 'an order to send a conversation, credentials or data elsewhere',
    why: 'the aim of most indirect injections',
  },
  'injection.authority': {
    what: 'a claim to be the developer, an administrator or the vendor',
    why: 'models tend to believe it',
  },
  'injection.template': {
    what: "a chat template's own marks, or a pretended end of the prompt",
    why: 'what follows is meant to be taken for another role',
  },
  'injection.endless': {
    what: 'an order to repeat something without an end',
    why: 'it runs up costs, and has made models tell what they were trained on',
  },
  'injection.wrapped-order': {
    what: 'an order to decode something and to do what it says',
    why: 'the order hides from whoever reads only the prompt',
  },
  'injection.combined': {
    what: 'two different suspicious phrases in one text',
    why: 'each alone is said by honest people; together they hardly are',
  },
  'unicode.tags': { what: 'tag characters outside of a flag', why: 'they spell text that only a model sees' },
  'unicode.selectors': {
    what: 'variation selectors in a row',
    why: 'each is a byte of a hidden text; a character has one at most',
  },
  'unicode.zero-width': {
    what: 'eight zero-width characters or more in a row',
    why: 'they are the bits of a hidden text',
  },
  'unicode.zero-width-words': {
    what: 'zero-width characters inside of words',
    why: 'they hide words from filters, and come with copies from web pages',
  },
  'unicode.overrides': {
    what: 'an order to turn the direction of writing, where nothing is written from right to left',
    why: 'people then read another text than the model',
  },
  'unicode.embeddings': {
    what: 'embedded directions where nothing is written from right to left',
    why: 'programs wrap names in them, and so do attackers',
  },
  'unicode.accents': {
    what: 'many accents on one letter',
    why: 'it hides words from filters, and is a joke',
  },
  'encoded.base64': {
    what: 'an order in base64',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'encoded.hex': {
    what: 'an order in hexadecimal digits',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'encoded.escapes': {
    what: 'an order in percent signs, escapes or entities',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'encoded.rot13': {
    what: 'an order in rot13',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'encoded.backwards': {
    what: 'an order written backwards',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'encoded.spelled': {
    what: 'an order in letters that stand apart, or in words that do not',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'encoded.hidden': {
    what: 'an order in tag characters or variation selectors',
    why: 'an order that people and filters cannot read is meant for the model alone',
  },
  'secrets.own-key': { what: 'a key of this gateway', why: 'whoever reads the prompt may call in its name' },
  'secrets.private-key': { what: 'a private key', why: 'what is sent to a provider has left the house' },
  'secrets.aws-secret-key': {
    what: 'an AWS secret access key',
    why: 'what is sent to a provider has left the house',
  },
  'secrets.aws-access-key-id': {
    what: 'an AWS access key id',
    why: 'by itself it opens nothing, but its secret is seldom far',
  },
  'secrets.github-token': {
    what: 'a GitHub token, by its checksum',
    why: 'what is sent to a provider has left the house',
  },
  'secrets.github-fine-grained': {
    what: 'a fine-grained GitHub token',
    why: 'what is sent to a provider has left the house',
  },
  'secrets.slack-token': { what: 'a Slack token', why: 'what is sent to a provider has left the house' },
  'secrets.stripe-key': {
    what: 'a live key of Stripe',
    why: 'what is sent to a provider has left the house',
  },
  'secrets.openai-key': { what: 'an OpenAI key', why: 'what is sent to a provider has left the house' },
  'secrets.anthropic-key': { what: 'an Anthropic key', why: 'what is sent to a provider has left the house' },
  'secrets.jwt': {
    what: 'a JSON web token',
    why: 'it may be a session, or an expired one out of a tutorial',
  },
  'bombs.run': {
    what: 'one character thousands of times',
    why: 'it fills a context, runs up costs and unsettles models; people try out limits with it too',
  },
  'bombs.words': {
    what: 'the same few words hundreds of times',
    why: 'it fills a context, runs up costs and unsettles models; people try out limits with it too',
  },
  'bombs.size': {
    what: 'more than a million characters in one request',
    why: 'hardly a model reads that much, and each is paid for',
  },
};
