// Internet addresses as text.
'use strict';

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const v4 = `(?:${octet}\\.){3}${octet}`;
const v4Pattern = new RegExp(`^${v4}$`);
const group = '[0-9a-fA-F]{1,4}';

/** @returns {boolean} whether `input` is an IPv4 address */
function isIPv4(input) {
  return v4Pattern.test(`${input}`);
}

/** @returns {boolean} whether `input` is an IPv6 address, with or without a zone */
function isIPv6(input) {
  let text = `${input}`;
  const zone = text.indexOf('%');
  if (zone !== -1) {
    if (!/^[0-9a-zA-Z\-.:]+$/.test(text.slice(zone + 1))) return false;
    text = text.slice(0, zone);
  }
  const lastColon = text.lastIndexOf(':');
  if (lastColon !== -1 && isIPv4(text.slice(lastColon + 1))) text = `${text.slice(0, lastColon)}:0:0`;
  const gap = text.indexOf('::');
  const countGroups = (part) => {
    if (part === '') return 0;
    const groups = part.split(':');
    return groups.every((text) => new RegExp(`^${group}$`).test(text)) ? groups.length : Infinity;
  };
  if (gap === -1) return countGroups(text) === 8;
  if (text.indexOf('::', gap + 1) !== -1) return false;
  return countGroups(text.slice(0, gap)) + countGroups(text.slice(gap + 2)) <= 7;
}

/** @returns {0 | 4 | 6} the family of the address `input`, 0 where it is none */
function isIP(input) {
  if (isIPv4(input)) return 4;
  return isIPv6(input) ? 6 : 0;
}

module.exports = { isIP, isIPv4, isIPv6 };
