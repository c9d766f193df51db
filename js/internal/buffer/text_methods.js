// Buffer's methods named after one encoding: `buf.utf8Slice(start, end)`, `buf.hexWrite(string, ...)`.
'use strict';

const {
  codes: { ERR_BUFFER_OUT_OF_BOUNDS },
} = require('internal/errors');
const decode = require('internal/buffer/decode');
const encode = require('internal/buffer/encode');

const { isView } = ArrayBuffer;

/** An error that the native half would report: its stack does not show the code. */
function plainError(Base, code, message) {
  const error = new Base(message);
  error.code = code;
  return error;
}

function checkView(view) {
  if (!isView(view)) throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a buffer');
}

/** The index that an argument of `xSlice()` stands for. */
function indexOf(value, preset) {
  if (value === undefined) return preset;
  const index = Math.trunc(value);
  if (index < 0) throw plainError(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
  return index || 0;
}

function slice(view, start, end, decoder) {
  checkView(view);
  const length = view.byteLength;
  if (length === 0) return '';
  start = indexOf(start, 0);
  end = indexOf(end, length);
  if (end < start) end = start;
  if (end > length) throw plainError(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
  return decoder(bytesOf(view), start, end);
}

function write(view, string, offset, length, encoder) {
  checkView(view);
  if (typeof string !== 'string') {
    throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
  }
  const size = view.byteLength;
  offset = offset === undefined ? 0 : Math.trunc(offset) || 0;
  if (offset < 0 || offset > size) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  const room = size - offset;
  length = length === undefined ? room : Math.trunc(length) || 0;
  if (length < 0 || length > size) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return encoder(bytesOf(view), string, offset, length < room ? length : room);
}

function bytesOf(view) {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
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
  return write(this, string, offset, length, encode.encodeBase64);
};
methods.base64urlWrite = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeBase64);
};
methods.latin1Write = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeLatin1);
};
methods.hexWrite = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeHex);
};
methods.ucs2Write = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeUtf16);
};
methods.utf8Write = function(string, offset, length) {
  return write(this, string, offset, length, encode.encodeUtf8);
};

module.exports = methods;
