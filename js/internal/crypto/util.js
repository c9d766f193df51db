// What the parts of `crypto` share: encodings of results, input of any kind, names of algorithms.
'use strict';

const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { normalizeEncoding } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');

const binding = internalBinding('crypto');

/** The numbers by which Rust knows the encodings of results; 0 is bytes. */
const encodings = { __proto__: null, hex: 1, base64: 2, base64url: 3, latin1: 4, binary: 4 };

/**
 * @param {unknown} encoding  as a program gave it
 * @returns {number} what Rust makes of a result: text, or 0 for bytes, which `finishOutput` completes
 */
function outputEncoding(encoding) {
  if (encoding === undefined || encoding === 'buffer') return 0;
  return encodings[encoding] ?? encodings[normalizeEncoding(encoding)] ?? 0;
}

/**
 * The result in the form that the program asked for.
 * @param {string | ArrayBuffer} output  from Rust
 * @param {unknown} encoding
 * @returns {string | Buffer}
 */
function finishOutput(output, encoding) {
  if (typeof output === 'string') return output;
  const buffer = new FastBuffer(output);
  if (encoding === undefined || encoding === null || encoding === 'buffer') return buffer;
  const normalized = normalizeEncoding(encoding);
  return normalized === undefined ? buffer : buffer.toString(normalized);
}

/** @returns {boolean} whether Rust can take text in this encoding as it is, which means UTF-8 */
function isUtf8(encoding) {
  if (encoding === undefined || encoding === 'utf8' || encoding === 'buffer') return true;
  const normalized = normalizeEncoding(encoding);
  return normalized === 'utf8' || normalized === undefined;
}

/**
 * The text as bytes of an encoding; UTF-8 stays text, which Rust converts itself.
 * @param {string} text
 * @param {unknown} encoding
 * @returns {string | Buffer}
 */
function decodeText(text, encoding) {
  return isUtf8(encoding) ? text : Buffer.from(text, encoding);
}

const bufferKinds = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

/**
 * The bytes of text or of a buffer of any kind.
 * @param {unknown} value
 * @param {string} name  of the argument, for the error
 * @param {unknown} [encoding]  of text
 * @returns {ArrayBuffer | SharedArrayBuffer | ArrayBufferView}
 */
function getArrayBufferOrView(value, name, encoding) {
  if (isAnyArrayBuffer(value) || isArrayBufferView(value)) return value;
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding);
  throw new ERR_INVALID_ARG_TYPE(name, ['string', ...bufferKinds], value);
}

/**
 * A view of a buffer of any kind, without a copy.
 * @param {ArrayBuffer | SharedArrayBuffer | ArrayBufferView} value
 * @returns {ArrayBufferView}
 */
function viewOf(value) {
  return isArrayBufferView(value) ? value : new Uint8Array(value);
}

/** @returns {Uint8Array} a copy of the bytes of a buffer of any kind */
function copyBytes(value) {
  return isArrayBufferView(value) ?
    new FastBuffer(value.buffer, value.byteOffset, value.byteLength).slice() :
    new Uint8Array(value.slice(0));
}

/** @typedef {{ number: number, size: number, extendable: boolean, provided: boolean }} Digest  one that no provider has
 *   makes OpenSSL's errors where it is used */

/** @type {Map<string, Digest | undefined>} */
const digests = new Map();

/**
 * @param {string} name
 * @returns {Digest | undefined} what is known of a digest, or undefined where there is none of this name
 */
function findDigest(name) {
  return digests.get(name) ?? lookUpDigest(name);
}

function lookUpDigest(name) {
  // OpenSSL has forgotten this name, Node has not.
  const facts = binding.digestOf(/^dss1$/i.test(name) ? 'sha1' : name);
  if (facts === undefined) return undefined;
  const digest = { number: facts[0], size: facts[1], extendable: facts[2], provided: facts[3] };
  digests.set(name, digest);
  return digest;
}

/** Looks up all digests anew when they are used again. */
function forgetDigests() {
  digests.clear();
}

/**
 * The names of algorithms as programs are told them, in order.
 * @param {[string[], string[]]} lists  names of OpenSSL's providers and of its older table
 * @returns {string[]}
 */
function sortedNames([provided, older]) {
  const names = new Set();
  for (const name of provided) {
    if (!/^[\d.]+$/.test(name) && name !== 'NULL') names.add(name.toLowerCase());
  }
  const alias = older.filter((name) => !names.has(name.toLowerCase()));
  return [...names, ...new Set(alias)].sort();
}

module.exports = {
  binding,
  bufferKinds,
  copyBytes,
  decodeText,
  findDigest,
  finishOutput,
  forgetDigests,
  getArrayBufferOrView,
  isUtf8,
  outputEncoding,
  sortedNames,
  viewOf,
};
