// Node's `punycode`: internationalised domain names by RFC 3492, and code points of strings.

'use strict';

const { isInsideNodeModules } = require('internal/util/call_origin');

if (!isInsideNodeModules(100)) {
  process.emitWarning(
    'The `punycode` module is deprecated. Please use a userland alternative instead.',
    'DeprecationWarning',
    'DEP0040',
  );
}

const kMaxInteger = 0x7fffffff;

// The parameters of punycode's variable-length numbers.
const kBase = 36;
const kMinThreshold = 1;
const kMaxThreshold = 26;
const kSkew = 38;
const kDamp = 700;
const kInitialBias = 72;
const kInitialCodePoint = 0x80;
const kDelimiter = '-';

const punycodeLabel = /^xn--/;
const notAscii = /[^\0-\x7f]/;
const dots = /[\u002e\u3002\uff0e\uff61]/g;

function invalidInput() {
  return new RangeError('Invalid input');
}

function overflow() {
  return new RangeError('Overflow: input needs wider integers to process');
}

/** The value of a basic code point as a digit, at least `kBase` if it is none. */
function digitValue(codePoint) {
  if (codePoint >= 0x30 && codePoint < 0x3a) return codePoint - 0x30 + 26;
  if (codePoint >= 0x41 && codePoint < 0x5b) return codePoint - 0x41;
  return codePoint >= 0x61 && codePoint < 0x7b ? codePoint - 0x61 : kBase;
}

function digitCharacter(value) {
  return String.fromCharCode(value < 26 ? value + 0x61 : value - 26 + 0x30);
}

function threshold(position, bias) {
  return Math.min(Math.max(position - bias, kMinThreshold), kMaxThreshold);
}

function adaptBias(delta, count, isFirst) {
  let value = Math.floor(delta / (isFirst ? kDamp : 2));
  value += Math.floor(value / count);
  let position = 0;
  while (value > ((kBase - kMinThreshold) * kMaxThreshold) >> 1) {
    value = Math.floor(value / (kBase - kMinThreshold));
    position += kBase;
  }
  return Math.floor(position + ((kBase - kMinThreshold + 1) * value) / (value + kSkew));
}

/**
 * Decodes a string of punycode.
 * @param {string} input Of ASCII characters.
 * @returns {string}
 */
function decode(input) {
  const output = [];
  const basicLength = Math.max(input.lastIndexOf(kDelimiter), 0);
  for (let i = 0; i < basicLength; i++) {
    if (input.charCodeAt(i) >= 0x80) throw new RangeError('Illegal input >= 0x80 (not a basic code point)');
    output.push(input.charCodeAt(i));
  }

  let codePoint = kInitialCodePoint;
  let index = 0;
  let bias = kInitialBias;
  for (let i = basicLength > 0 ? basicLength + 1 : 0; i < input.length;) {
    const oldIndex = index;
    let weight = 1;
    for (let position = kBase; ; position += kBase) {
      if (i >= input.length) throw invalidInput();
      const digit = digitValue(input.charCodeAt(i++));
      if (digit >= kBase) throw invalidInput();
      if (digit > Math.floor((kMaxInteger - index) / weight)) throw overflow();
      index += digit * weight;
      const limit = threshold(position, bias);
      if (digit < limit) break;
      if (weight > Math.floor(kMaxInteger / (kBase - limit))) throw overflow();
      weight *= kBase - limit;
    }
    const count = output.length + 1;
    bias = adaptBias(index - oldIndex, count, oldIndex === 0);
    if (Math.floor(index / count) > kMaxInteger - codePoint) throw overflow();
    codePoint += Math.floor(index / count);
    index %= count;
    output.splice(index++, 0, codePoint);
  }
  return String.fromCodePoint(...output);
}

/**
 * Encodes a string as punycode.
 * @param {string} input
 * @returns {string}
 */
function encode(input) {
  const codePoints = ucs2decode(input);
  let output = '';
  for (const codePoint of codePoints) {
    if (codePoint < 0x80) output += String.fromCharCode(codePoint);
  }
  const basicLength = output.length;
  if (basicLength > 0) output += kDelimiter;

  let handled = basicLength;
  let codePoint = kInitialCodePoint;
  let delta = 0;
  let bias = kInitialBias;
  while (handled < codePoints.length) {
    let next = kMaxInteger;
    for (const candidate of codePoints) {
      if (candidate >= codePoint && candidate < next) next = candidate;
    }
    if (next - codePoint > Math.floor((kMaxInteger - delta) / (handled + 1))) throw overflow();
    delta += (next - codePoint) * (handled + 1);
    codePoint = next;
    for (const current of codePoints) {
      if (current < codePoint && ++delta > kMaxInteger) throw overflow();
      if (current !== codePoint) continue;
      output += variableLengthNumber(delta, bias);
      bias = adaptBias(delta, handled + 1, handled === basicLength);
      delta = 0;
      handled++;
    }
    delta++;
    codePoint++;
  }
  return output;
}

function variableLengthNumber(number, bias) {
  let text = '';
  let rest = number;
  for (let position = kBase; ; position += kBase) {
    const limit = threshold(position, bias);
    if (rest < limit) return text + digitCharacter(rest);
    const range = kBase - limit;
    text += digitCharacter(limit + ((rest - limit) % range));
    rest = Math.floor((rest - limit) / range);
  }
}

/** Converts each label of a domain or of what is behind the `@` of an address. */
function mapDomain(domain, convert) {
  const parts = domain.split('@');
  const prefix = parts.length > 1 ? `${parts[0]}@` : '';
  const labels = (parts.length > 1 ? parts[1] : domain).replace(dots, '.').split('.');
  for (let i = labels.length - 1; i >= 0; i--) labels[i] = convert(labels[i]);
  return prefix + labels.join('.');
}

/**
 * Converts a domain or mail address to ASCII.
 * @param {string} input
 * @returns {string}
 */
function toASCII(input) {
  return mapDomain(input, (label) => (notAscii.test(label) ? `xn--${encode(label)}` : label));
}

/**
 * Converts a domain or mail address to Unicode.
 * @param {string} input
 * @returns {string}
 */
function toUnicode(input) {
  const convert = (label) => (punycodeLabel.test(label) ? decode(label.slice(4).toLowerCase()) : label);
  return mapDomain(input, convert);
}

/**
 * The code points of a string.
 * @param {string} string
 * @returns {number[]}
 */
function ucs2decode(string) {
  const codePoints = [];
  for (let i = 0; i < string.length; i++) {
    const codePoint = string.codePointAt(i);
    if (codePoint > 0xffff) i++;
    codePoints.push(codePoint);
  }
  return codePoints;
}

/**
 * The string of code points.
 * @param {number[]} codePoints
 * @returns {string}
 */
function ucs2encode(codePoints) {
  return String.fromCodePoint(...codePoints);
}

module.exports = {
  version: '2.1.0',
  ucs2: { decode: ucs2decode, encode: ucs2encode },
  decode,
  encode,
  toASCII,
  toUnicode,
};
