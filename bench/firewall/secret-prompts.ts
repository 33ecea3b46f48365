/** Prompts with credentials that are none: random, with right checksums, and new in each run of a seed. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { makeApiKey } from '../../shared/services/api-keys.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = `${BASE62}+/`;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const secretPrompts = (seed: number): string[] => {
  let count = 0;
  const bytes = (length: number): Uint8Array => {
    let all = Buffer.alloc(0);
    while (all.length < length)
      all = Buffer.concat([all, createHash('sha256').update(`${seed}:${count++}`).digest()]);
    return new Uint8Array(all.subarray(0, length));
  };
  const text = (alphabet: string, length: number): string =>
    [...bytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
  const github = (kind: string): string => {
    const body = text(BASE62, 30);
    let rest = crc32(body);
    let checksum = '';
    for (let place = 0; place < 6; place++) {
      checksum = BASE62[rest % 62] + checksum;
      rest = Math.floor(rest / 62);
    }
    return `${kind}_${body}${checksum}`;
  };
  const pem = (kind: string): string =>
    `-----BEGIN ${kind}PRIVATE KEY-----\n${Array.from({ length: 20 }, () => text(BASE64, 64)).join('\n')}\n-----END ${kind}PRIVATE KEY-----`;
  const own = makeApiKey({ env: 'prod', random: { bytes, next: () => 0.5, seed: () => seed } });
  return [
    `Why does this fail? curl -H "Authorization: Bearer ${own.key}" https://llm.example.org/v1/ask`,
    `Debug this config:\naws_access_key_id = AKIA${text(BASE32, 16)}\naws_secret_access_key = ${text(BASE64, 40)}`,
    `export AWS_SECRET_ACCESS_KEY="${text(BASE64, 40)}" # is the quoting right?`,
    `git clone https://${github('ghp')}@github.com/acme/app.git asks for a password`,
    `My CI has GITHUB_TOKEN=${github('ghs')}. Which scopes does it need?`,
    `const token = 'github_pat_${text(BASE62, 22)}_${text(BASE62, 59)}'; // refactor this`,
    `Is ${`xoxb-${text('123456789', 12)}-${text('123456789', 13)}-${text(BASE62, 24)}`} a bot token?`,
    `stripe.api_key = "sk_live_${text(BASE62, 24)}"\nWrite a refund function.`,
    `OPENAI_API_KEY=sk-proj-${text(BASE62, 58)}T3BlbkFJ${text(BASE62, 58)} python app.py crashes`,
    `client = Anthropic(api_key="sk-ant-api03-${text(BASE62, 93)}AA") gives 401`,
    `Convert this key to PKCS8:\n${pem('RSA ')}`,
    `What is wrong with my key?\n${pem('OPENSSH ')}`,
    `This is my service's key: ${pem('').replaceAll('\n', '\\n')}`,
  ];
};
