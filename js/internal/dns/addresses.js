// Internet addresses as bytes and as the resolver writes them.
'use strict';

/** The bytes of an address of version 4. */
function parse4(text) {
  return text.split('.').map(Number);
}

/** The bytes of one side of `::`. */
function parseGroups(text) {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return parse4(group);
    const number = parseInt(group, 16);
    return [number >> 8, number & 255];
  });
}

/**
 * @param {string} text  an address, with or without a zone
 * @returns {number[]} its 4 or 16 bytes
 */
function toBytes(text) {
  if (!text.includes(':')) return parse4(text);
  const zone = text.indexOf('%');
  const [head, tail] = (zone === -1 ? text : text.slice(0, zone)).split('::');
  const before = parseGroups(head);
  if (tail === undefined) return before;
  const after = parseGroups(tail);
  return [...before, ...new Array(16 - before.length - after.length).fill(0), ...after];
}

/** The longest run of at least two groups that are 0: where it begins and how long it is. */
function longestGap(groups) {
  let start = -1;
  let length = 1;
  for (let index = 0; index < 8; index++) {
    let end = index;
    while (end < 8 && groups[end] === 0) end++;
    if (end - index > length) {
      start = index;
      length = end - index;
    }
    if (end > index) index = end;
  }
  return { start, length };
}

function format6(bytes) {
  const groups = [];
  for (let index = 0; index < 16; index += 2) groups.push(bytes[index] << 8 | bytes[index + 1]);
  const { start, length } = longestGap(groups);
  // An address of version 4 in one of version 6.
  const isMapped = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const parts = (isMapped ? groups.slice(0, 6) : groups).map((group) => group.toString(16));
  if (isMapped) parts.push([...bytes.slice(12)].join('.'));
  if (start === -1) return parts.join(':');
  return `${parts.slice(0, start).join(':')}::${parts.slice(start + length).join(':')}`;
}

/**
 * @param {Uint8Array | number[]} bytes  4 or 16
 * @returns {string}
 */
function toText(bytes) {
  return bytes.length === 4 ? [...bytes].join('.') : format6(bytes);
}

/** @returns {string} the name under which the names of an address are found */
function reverseName(text) {
  const bytes = toBytes(text).reverse();
  if (bytes.length === 4) return `${bytes.join('.')}.in-addr.arpa`;
  const digits = bytes.map((byte) => `${(byte & 15).toString(16)}.${(byte >> 4).toString(16)}`);
  return `${digits.join('.')}.ip6.arpa`;
}

module.exports = { reverseName, toBytes, toText };
