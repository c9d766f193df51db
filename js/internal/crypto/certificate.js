// `crypto.Certificate`: Netscape's signed public keys and challenges.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { binding, getArrayBufferOrView, viewOf } = require('internal/crypto/util');

/** OpenSSL counts with 32 bits. */
const MAX_SIZE = 2 ** 31 - 1;

function inputOf(spkac, encoding) {
  const input = getArrayBufferOrView(spkac, 'spkac', encoding);
  if (input.byteLength > MAX_SIZE) throw new ERR_OUT_OF_RANGE('spkac', `<= ${MAX_SIZE}`, input.byteLength);
  return viewOf(input);
}

function verifySpkac(spkac, encoding) {
  return binding.verifySpkac(inputOf(spkac, encoding));
}

function exportPublicKey(spkac, encoding) {
  return resultOf(binding.spkacKey(inputOf(spkac, encoding)));
}

function exportChallenge(spkac, encoding) {
  return resultOf(binding.spkacChallenge(inputOf(spkac, encoding)));
}

function resultOf(bytes) {
  return bytes === undefined ? '' : Buffer.from(bytes.buffer);
}

/** The functions are methods as well, of the class and of its objects. */
function Certificate() {
  if (!(this instanceof Certificate)) return new Certificate();
}

Object.assign(Certificate.prototype, { verifySpkac, exportPublicKey, exportChallenge });
Object.assign(Certificate, { exportChallenge, exportPublicKey, verifySpkac });

module.exports = { Certificate };
