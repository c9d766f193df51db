// Buffer's methods named after one encoding: `buf.utf8Slice(start, end)`, `buf.hexWrite(string, ...)`.
'use strict';

const {
  codes: { ERR_BUFFER_OUT_OF_BOUNDS },
} = require('internal/errors');
const decode = require('internal/buffer/decode');
const encode = require('internal/buffer/encode');

const { bytesOf, checkString, checkView, plainError } = require('internal/buffer/views');

/** An index as V8 converts one, `preset` if it is not given. */
function toIndex(value, preset) {
  if (value === undefined) return preset;
  const index = Math.trunc(value);
  if (index < 0) throw plainError(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
  return index || 0;
}

function slice(view, start, end, decoder) {
  checkView(view);
  const length = view.byteLength;
  if (length === 0) return '';
  start = toIndex(start, 0);
  end = toIndex(end, length);
  if (end <= start) return '';
  if (end > length) throw plainError(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
  return decoder(bytesOf(view), start, end);
}

/** Writes in an encoding whose method is strict about `length`. */
function write(view, string, offset, length, encoder) {
  checkView(view);
  const size = view.byteLength;
  if (offset === undefined) offset = 0;
  if (offset < 0 || offset > size) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length === undefined) length = size - Number(offset);
  if (length < 0 || length > size - Number(offset)) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  checkString(string);
  offset = Math.trunc(Number(offset)) || 0;
  length = Math.trunc(Number(length)) || 0;
  return encoder(bytesOf(view), string, offset, Math.min(length, size - offset));
}

/** Writes in an encoding whose method writes less when `length` is more than there is. */
function writeUpTo(view, string, offset, length, encoder) {
  checkView(view);
  checkString(string);
  const size = view.byteLength;
  offset = toIndex(offset, 0);
  if (offset > size) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  length = toIndex(length, size - offset);
  return encoder(bytesOf(view), string, offset, Math.min(length, size - offset));
}

const methods = {};

methods.asciiSlice = function(start, end) {
  return slice(this, start, end, decode.decodeAscii);
};
methods.base64Slice = function(start, end) {
  return slice(this, start, end, decode.decodeBase64);
};
methods.base64urlSlice = function(start, end) {
  return slice(this, start, end, decode.decodeBase64url);
};
methods.latin1Slice = function(start, end) {
  return slice(this, start, end, decode.decodeLatin1);
};
methods.hexSlice = function(start, end) {
  return slice(this, start, end, decode.decodeHex);
};
methods.ucs2Slice = function(start, end) {
  return slice(this, start, end, decode.decodeUtf16);
};
methods.utf8Slice = function(start, end) {
  return slice(this, start, end, decode.decodeUtf8);
};

methods.asciiWrite = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeLatin1);
};
methods.base64Write = function(string, offset, length) {
  return writeUpTo(this, string, offset, length, encode.encodeBase64);
};
methods.base64urlWrite = function(string, offset, length) {
  return writeUpTo(this, string, offset, length, encode.encodeBase64);
};
methods.latin1Write = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeLatin1);
};
methods.hexWrite = function(string, offset, length) {
  return writeUpTo(this, string, offset, length, encode.encodeHex);
};
methods.ucs2Write = function(string, offset, length) {
  return writeUpTo(this, string, offset, length, encode.encodeUtf16);
};
methods.utf8Write = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeUtf8);
};

module.exports = methods;
