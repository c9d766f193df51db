// Names of application protocols (ALPN) as TLS has them: each with its length before it.
'use strict';

const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
const { isArrayBufferView, isUint8Array } = require('internal/util/types');
const { Buffer } = require('buffer');

const LONGEST_NAME = 255;

function encode(protocols) {
  const lengths = new Array(protocols.length);
  const total = protocols.reduce((sum, protocol, index) => {
    const length = Buffer.byteLength(protocol);
    if (length > LONGEST_NAME) {
      throw new ERR_OUT_OF_RANGE(
        `The byte length of the protocol at index ${index} exceeds the maximum length.`, `<= ${LONGEST_NAME}`, length, true);
    }
    lengths[index] = length;
    return sum + 1 + length;
  }, 0);
  const buffer = Buffer.allocUnsafe(total);
  let offset = 0;
  protocols.forEach((protocol, index) => {
    buffer[offset++] = lengths[index];
    buffer.write(protocol, offset);
    offset += lengths[index];
  });
  return buffer;
}

/**
 * Puts protocols in TLS's form.
 * @param {string[] | ArrayBufferView} protocols
 * @param {object} out  gets them as `ALPNProtocols`
 */
function convertALPNProtocols(protocols, out) {
  if (Array.isArray(protocols)) {
    out.ALPNProtocols = encode(protocols);
  } else if (isUint8Array(protocols)) {
    out.ALPNProtocols = Buffer.from(protocols);
  } else if (isArrayBufferView(protocols)) {
    out.ALPNProtocols = Buffer.from(
      protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength));
  }
}

/**
 * @param {Uint8Array} list  in TLS's form
 * @returns {string[]}
 */
function decodeProtocols(list) {
  const buffer = Buffer.from(list.buffer, list.byteOffset, list.byteLength);
  const protocols = [];
  for (let offset = 0; offset < buffer.length;) {
    const length = buffer[offset];
    protocols.push(buffer.latin1Slice(offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return protocols;
}

module.exports = { convertALPNProtocols, decodeProtocols };
