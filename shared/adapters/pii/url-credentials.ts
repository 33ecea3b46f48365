/**
 * `https://jane:secret@host`: who signs in, and with what, goes as one e-mail address, since half of it would still tell. What
 * manuals write in the place (`user:password@`) is nobody's.
 */
import { type Finder, span } from './text.ts';

const CREDENTIALS =
  /(?<=[a-z\d]:\/\/)([^\s/?#@:'"`<>()[\]{}$*]{1,64}):([^\s/?#@'"`<>()[\]{}$*]{1,128})@([\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,252}[\p{L}\p{N}])?)/giu;
const ADDRESS = /^[\d.]+$/;
const ANYBODY =
  /^(?:(?:my|your|db|the)?[-_]?(?:user(?:[-_]?name)?|name|login|admin|root|guest|test|foo|postgres|mysql|mongo|redis|rabbitmq|neo4j|elastic|x)(?:[-_]?name)?)$/i;
const ANYTHING =
  /^(?:(?:my|your|db|the)?[-_]?(?:pass(?:[-_]?(?:word|wd))?|pwd?|secret|token|key|admin|root|guest|test|bar|postgres|mysql|mongo|redis|rabbitmq|neo4j|elastic|x+|\.+|\d{1,6})(?:\d{0,4}))$/i;

export const findUrlCredentials: Finder = (plain) => {
  if (!plain.includes('://')) return [];
  const found = [];
  for (const { index, 0: text, 1: user = '', 2: password = '', 3: host = '' } of plain.matchAll(
    CREDENTIALS,
  )) {
    if (ANYBODY.test(user) && ANYTHING.test(password)) continue;
    // An IP address is a finding of its own.
    const end = index + text.length - (ADDRESS.test(host) ? host.length + 1 : 0);
    found.push(span(index, end, 'EMAIL'));
  }
  return found;
};
