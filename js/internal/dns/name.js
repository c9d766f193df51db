// Names in DNS messages: labels of bytes, and the text that stands for them.
'use strict';

const MAX_LABEL = 63;
const MAX_NAME = 255;

/** What can be asked for: letters, digits and `-._*` and `/`. */
const askable = /[A-Za-z0-9\-._*/]/;

/** The character at an escape in a name and where the name goes on, or null. */
function unescape(text, index) {
  const digits = /^\d/.test(text.slice(index + 1, index + 2));
  if (!digits) return index + 1 < text.length ? { char: text[index + 1], next: index + 2 } : null;
  const code = /^\d{3}/.exec(text.slice(index + 1, index + 4));
  if (code === null || +code[0] > 255) return null;
  return { char: String.fromCharCode(+code[0]), next: index + 4 };
}

/** The labels of a name, or null. */
function split(text) {
  const labels = [''];
  for (let index = 0; index < text.length;) {
    let char = text[index];
    if (char === '.') {
      labels.push('');
      index++;
      continue;
    }
    if (char === '\\') {
      const escape = unescape(text, index);
      if (escape === null) return null;
      ({ char, next: index } = escape);
    } else {
      index++;
    }
    if (!askable.test(char)) return null;
    labels[labels.length - 1] += char;
  }
  if (labels.at(-1) === '') labels.pop();
  // The root.
  if (labels.length === 1 && labels[0] === '') return [];
  return labels.includes('') ? null : labels;
}

/**
 * @param {string} text
 * @returns {number[] | null} the bytes of a question's name; null where none can have it
 */
function encodeName(text) {
  const end = text.indexOf('\0');
  const labels = split(end === -1 ? text : text.slice(0, end));
  if (labels === null) return null;
  const bytes = [];
  for (const label of labels) {
    if (label.length > MAX_LABEL) return null;
    bytes.push(label.length);
    for (let index = 0; index < label.length; index++) bytes.push(label.charCodeAt(index));
  }
  bytes.push(0);
  return bytes.length > MAX_NAME ? null : bytes;
}

/** One byte of a label as text. */
function escape(byte) {
  if (byte < 0x20 || byte > 0x7e) return `\\${String(byte).padStart(3, '0')}`;
  const char = String.fromCharCode(byte);
  return '."\\;()@$'.includes(char) ? `\\${char}` : char;
}

/**
 * Reads a name from a message.
 * @param {Uint8Array} message
 * @param {number} offset
 * @returns {{ name: string, next: number } | null} the name and where it ends; null where it is none
 */
function decodeName(message, offset) {
  const labels = [];
  let next = -1;
  let length = 1;
  // A reference leads back, behind where this part of the name began.
  let begin = offset;
  for (;;) {
    if (offset >= message.length) return null;
    const head = message[offset++];
    if (head === 0) break;
    if ((head & 0xc0) === 0xc0) {
      if (offset >= message.length) return null;
      const target = (head & 0x3f) << 8 | message[offset++];
      if (target >= begin) return null;
      if (next === -1) next = offset;
      begin = offset = target;
      continue;
    }
    length += head + 1;
    if ((head & 0xc0) !== 0 || offset + head > message.length || length > MAX_NAME) return null;
    let label = '';
    for (const end = offset + head; offset < end; offset++) label += escape(message[offset]);
    labels.push(label);
  }
  return { name: labels.join('.'), next: next === -1 ? offset : next };
}

module.exports = { decodeName, encodeName };
