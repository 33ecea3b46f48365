import { describe, expect, it } from 'vitest';
import { checkBaseUrl, isPrivateAddress } from '../../../shared/services/base-url.ts';

const PRIVATE = 'must not lead to a loopback, private or link-local address';
const check = (url: string): string | undefined => checkBaseUrl(url, { allowPrivate: false });

describe('base URLs', () => {
  it.each([
    'https://api.openai.com/v1',
    'https://example.com:8443/',
    'https://bücher.example/v1',
    'https://8.8.8.8/v1',
    'https://[2606:4700::1111]/v1',
  ])('permit %s', (url) => {
    expect(check(url)).toBeUndefined();
  });

  it.each([
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://%31%32%37.0.0.1',
    'https://127.0.0.1./',
    'https://１２７.0.0.1',
    'https://0.0.0.0',
    'https://10.1.2.3',
    'https://172.16.0.1',
    'https://172.31.255.255',
    'https://192.168.0.1',
    'https://100.64.0.1',
    'https://169.254.169.254',
    'https://198.18.0.1',
    'https://224.0.0.1',
    'https://255.255.255.255',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[::ffff:8.8.8.8]',
    'https://[64:ff9b::7f00:1]',
    'https://[2002:7f00:1::]',
    'https://[fc00::1]',
    'https://[fd00:ec2::254]',
    'https://[fe80::1]',
    'https://[ff02::1]',
    'https://[4000::1]',
    'https://[3fff::1]',
    'https://localhost',
    'https://LOCALHOST.',
    'https://a.localhost',
    'https://printer.local',
    'https://metadata.google.internal',
    'https://router.home.arpa',
    'https://metadata',
  ])('refuse %s', (url) => {
    expect(check(url)).toBe(PRIVATE);
  });

  it.each([
    ['', 'must be an absolute URL'],
    ['/v1', 'must be an absolute URL'],
    ['https://', 'must be an absolute URL'],
    ['ftp://example.com', 'must be an http or https URL'],
    ['file:///etc/passwd', 'must be an http or https URL'],
    ['https://user:pass@example.com', 'must not hold credentials'],
    ['https://user@example.com', 'must not hold credentials'],
    ['https://:pass@example.com', 'must not hold credentials'],
    ['https://example.com/v1?key=1', 'must not hold a query or fragment'],
    ['https://example.com/v1?', 'must not hold a query or fragment'],
    ['https://example.com/v1#', 'must not hold a query or fragment'],
    ['http://example.com', 'must be an https URL'],
  ])('say what is wrong with %j', (url, message) => {
    expect(check(url)).toBe(message);
  });

  it('may be private and plain where the stage allows it, but hold no credentials', () => {
    const allowPrivate = true;

    expect(checkBaseUrl('http://127.0.0.1:11434/v1', { allowPrivate })).toBeUndefined();
    expect(checkBaseUrl('http://ollama:11434', { allowPrivate })).toBeUndefined();
    expect(checkBaseUrl('http://user:pass@127.0.0.1', { allowPrivate })).toBe('must not hold credentials');
  });
});

describe('private addresses', () => {
  it.each(['::FFFF:7f00:1', '0:0:0:0:0:0:0:1', 'fe80::1%eth0', 'example.com', ''])('hold %j', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['1.1.1.1', '172.32.0.1', '2606:4700::1111'])('do not hold %s', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});
