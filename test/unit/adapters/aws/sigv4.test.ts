import { describe, expect, it } from 'vitest';
import { escapeSegment, Signer } from '../../../../shared/adapters/aws/sigv4.ts';

/** AWS's "Signature Version 4 test suite". */
const EXAMPLE = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  at: Date.parse('2015-08-30T12:36:00Z'),
  headers: { host: 'example.amazonaws.com' },
};

const signatureOf = (headers: Record<string, string>): string =>
  headers.authorization?.replace(/^.*Signature=/, '') ?? '';

describe("AWS's own examples", () => {
  it.each([
    ['get-vanilla', 'GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', 'POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('%s', (_, method, signature) => {
    const signer = new Signer('service', 'us-east-1');

    const headers = signer.sign(
      { method, path: '/', headers: EXAMPLE.headers, body: '' },
      EXAMPLE.credentials,
      EXAMPLE.at,
    );

    expect(headers.authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  });
});

describe('what is sent', () => {
  const signer = new Signer('dynamodb', 'eu-central-1');
  const sign = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    signer.sign(
      { method: 'POST', path: '/', headers: { host: 'h', 'x-a': ' a  b ' }, body: '' },
      credentials,
      0,
    );

  it('are the given headers as they were, the date and the signature', () => {
    const headers = sign({ accessKeyId: 'a', secretAccessKey: 's' });

    expect(headers).toEqual({
      host: 'h',
      'x-a': ' a  b ',
      'x-amz-date': '19700101T000000Z',
      authorization: expect.stringContaining('SignedHeaders=host;x-a;x-amz-date, '),
    });
  });

  it('holds the session token where there is one, signed', () => {
    const headers = sign({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' });

    expect(headers['x-amz-security-token']).toBe('t');
    expect(headers.authorization).toContain('x-amz-date;x-amz-security-token, ');
  });

  it('holds nothing of the secret', () => {
    expect(JSON.stringify(sign({ accessKeyId: 'a', secretAccessKey: 'very-secret' }))).not.toContain(
      'very-secret',
    );
  });

  it('differs by the secret also within a day', () => {
    const first = signatureOf(sign({ accessKeyId: 'a', secretAccessKey: 's1' }));
    const second = signatureOf(sign({ accessKeyId: 'a', secretAccessKey: 's2' }));

    expect(first).not.toBe(second);
    expect(signatureOf(sign({ accessKeyId: 'a', secretAccessKey: 's1' }))).toBe(first);
  });
});

describe('a segment of a path', () => {
  it.each([
    ['select', 'select'],
    [
      'arn:aws:lambda:eu-central-1:1:function:select:live',
      'arn%3Aaws%3Alambda%3Aeu-central-1%3A1%3Afunction%3Aselect%3Alive',
    ],
    ["a/b c!'()*~", 'a%2Fb%20c%21%27%28%29%2A~'],
    ['ü', '%C3%BC'],
    ['$LATEST', '%24LATEST'],
  ])('%s is sent as %s', (text, escaped) => {
    expect(escapeSegment(text)).toBe(escaped);
  });
});
