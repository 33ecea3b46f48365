/**
 * May a provider's base URL be called? Fails closed: an address that is not known to be public is private. The same rule is
 * applied to every address that a host name resolves to when the connection is made, so a name cannot be rebound.
 */
import { BlockList, isIP } from 'node:net';

const blockList = (family: 'ipv4' | 'ipv6', nets: readonly [string, number][]): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family);
  return list;
};

const PRIVATE_V4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);

/**
 * All but 2000::/3, the one block that is given out for the public net, and what of that is set apart. A list of its own, since
 * BlockList holds IPv4 addresses against IPv6 rules too, as mapped ones, and all of those lie in ::/3.
 */
const PRIVATE_V6 = blockList('ipv6', [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

/** Loopback, private, link-local, shared, reserved, multicast, or no IP address at all. */
export const isPrivateAddress = (address: string): boolean => {
  const kind = isIP(address);
  if (kind === 0) return true;
  return kind === 4 ? PRIVATE_V4.check(address, 'ipv4') : PRIVATE_V6.check(address, 'ipv6');
};

const LOCAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i;

/** What is wrong with it, or undefined. WHATWG parsing turns decimal, octal and hexadecimal IPv4 spellings into dotted ones. */
export const checkBaseUrl = (text: string, options: { allowPrivate: boolean }): string | undefined => {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  // A bare `?` or `#` leaves search and hash empty, yet swallows the path that is appended.
  if (/[?#]/.test(text)) return 'must not hold a query or fragment';
  if (options.allowPrivate) return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAddress = isIP(host) !== 0;
  if ((isAddress && isPrivateAddress(host)) || LOCAL_NAME.test(host) || (!isAddress && !host.includes('.'))) {
    return 'must not lead to a loopback, private or link-local address';
  }
  return undefined;
};
