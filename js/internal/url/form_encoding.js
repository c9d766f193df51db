// The format `application/x-www-form-urlencoded`, which `URLSearchParams` reads and writes.

'use strict';

const unescaped = /^[A-Za-z0-9*\-._]*$/;
const keptByEncodeURIComponent = /[!'()~]|%20/g;
const replacements = { '!': '%21', "'": '%27', '(': '%28', ')': '%29', '~': '%7E', '%20': '+' };
const plus = /\+/g;
const sequence = /%[0-9A-Fa-f]{2}/;

/**
 * Reads name-value pairs. The text has no question mark in front.
 * @param {string} text Without unpaired surrogates.
 * @returns {string[]} Names and values by turns.
 */
function parseForm(text) {
  const list = [];
  const { length } = text;
  for (let start = 0; start < length;) {
    let end = text.indexOf('&', start);
    if (end === -1) end = length;
    if (end > start) {
      const equals = text.indexOf('=', start);
      if (equals === -1 || equals >= end) {
        list.push(decode(text.slice(start, end)), '');
      } else {
        list.push(decode(text.slice(start, equals)), decode(text.slice(equals + 1, end)));
      }
    }
    start = end + 1;
  }
  return list;
}

function decode(text) {
  const spaced = text.includes('+') ? text.replace(plus, ' ') : text;
  return spaced.includes('%') ? decodePercent(spaced) : spaced;
}

function decodePercent(text) {
  if (!sequence.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Broken sequences, or such as are no UTF-8: bytes, as `querystring` has them.
    const bytes = require('querystring').unescapeBuffer(text);
    return bytes.utf8Slice(0, bytes.length);
  }
}

/**
 * Writes name-value pairs.
 * @param {string[]} list Names and values by turns, without unpaired surrogates.
 * @returns {string}
 */
function serializeForm(list) {
  let text = '';
  for (let i = 0; i < list.length; i += 2) {
    text += `${i === 0 ? '' : '&'}${encode(list[i])}=${encode(list[i + 1])}`;
  }
  return text;
}

function encode(text) {
  if (unescaped.test(text)) return text;
  return encodeURIComponent(text).replace(keptByEncodeURIComponent, (match) => replacements[match]);
}

module.exports = { parseForm, serializeForm };
