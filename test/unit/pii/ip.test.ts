import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';

describe('IPv4 addresses', () => {
  it.each(['81.2.69.142', '192.168.1.100', '203.0.113.77'])('finds %s', (address) => {
    expect(findings(`from ${address}.`)).toEqual([`IP ${address}`]);
  });

  it.each([
    ['a list', '7,81.2.69.142,9'],
    ['a URL', 'http://81.2.69.142:8080/x'],
    ['a network', '81.2.69.142/24'],
    ['JSON', '{"ip":"81.2.69.142"}'],
    ['code', '`81.2.69.142`'],
    ['an identifier', 'host_81.2.69.142'],
    ["a host's name and address", 'worker-1.internal/81.2.69.142:9092'],
    ['a resource path', 'GET /hosts/81.2.69.142/'],
  ])('finds one in %s', (_name, text) => {
    expect(findings(text)).toEqual(['IP 81.2.69.142']);
  });

  it('finds both ends of a range', () => {
    expect(findings('81.2.69.142-81.2.69.150')).toEqual(['IP 81.2.69.142', 'IP 81.2.69.150']);
  });

  it('finds four small numbers only beside a word for hosts', () => {
    expect(findings('see 10.1.2.3 for details')).toEqual([]);
    expect(findings('the server 10.1.2.3 is down')).toEqual(['IP 10.1.2.3']);
  });

  it.each([
    ['loopback', 'server 127.0.0.1'],
    ['unspecified', 'server 0.0.0.0'],
    ['a netmask', 'ip mask 255.255.255.0'],
    ['broadcast', 'ip 255.255.255.255'],
    ['a version', 'version 104.20.30.40'],
    ['a version after a word', 'the version is 104.20.30.40'],
    ['a version with its letter', 'v104.20.30.40'],
    ['a release with a suffix', '104.20.30.40-beta'],
    ['a firmware', 'Firmware: 104.20.30.40'],
    ['a browser', 'Mozilla/5.0 (Windows NT 10.0) Chrome/104.0.0.0 Safari/537.36'],
    ['what something was upgraded to', 'we upgraded OpenSSL to 104.20.30.40'],
    ['an attribute', '<Package Version="104.20.30.40">'],
    ['a section', 'see section 104.20.30.40'],
    ['a section sign', '§ 104.20.30.40'],
    ['a file', 'lib-104.20.30.40.tar.gz'],
    ['five parts', '104.20.30.40.50'],
    ['a part beyond 255', 'server 104.20.30.400'],
    ['three parts', 'server 104.20.30'],
  ])('takes %s for none', (_name, text) => {
    expect(findings(text)).toEqual([]);
  });
});

describe('IPv6 addresses', () => {
  it.each([
    '2001:db8::ff00:42:8329',
    '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
    '::ffff:81.2.69.142',
    'fe80::1ff:fe23:4567:890a',
  ])('finds %s', (address) => {
    expect(findings(`from ${address}, then`)).toEqual([`IP ${address}`]);
  });

  it('leaves a colon that follows', () => {
    expect(findings('2001:db8::8a2e:370:7334: refused')).toEqual(['IP 2001:db8::8a2e:370:7334']);
  });

  it.each([
    ['loopback', '::1'],
    ['a time', '12:30:45'],
    ['a scope', 'std::vector1 a::b2'],
    ['a hardware address', '00:1a:2b:3c:4d:5e'],
    ['hexadecimal words', 'dead::beef 1'],
    ['a ratio', '16:9:4'],
  ])('takes %s for none', (_name, text) => {
    expect(findings(text)).toEqual([]);
  });
});
