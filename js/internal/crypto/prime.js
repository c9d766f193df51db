// Prime numbers: `checkPrime`, `generatePrime`.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateBoolean, validateFunction, validateInt32, validateObject } = require('internal/validators');
const { binding, viewOf } = require('internal/crypto/util');

const numberKinds = ['ArrayBuffer', 'TypedArray', 'Buffer', 'DataView', 'bigint'];

/** From this size on OpenSSL refuses numbers, which the program is told at once. */
const TOO_LONG = 1 << 26;

// The bytes of a number, the highest first.
function bytesOfNumber(value, name) {
  if (typeof value === 'bigint') {
    if (value < 0n) throw new ERR_OUT_OF_RANGE(name, '>= 0', value);
    const digits = value.toString(16);
    return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  }
  if (!isAnyArrayBuffer(value) && !isArrayBufferView(value)) throw new ERR_INVALID_ARG_TYPE(name, numberKinds, value);
  return viewOf(value);
}

function numberOfBytes(bytes) {
  return BigInt(`0x${Buffer.from(bytes.buffer).toString('hex')}`);
}

function checksOf(options) {
  validateObject(options, 'options');
  const { checks = 0 } = options;
  // Nought stands for a number that depends on the size.
  validateInt32(checks, 'options.checks', 0);
  return checks;
}

/**
 * Tests on the thread pool whether a number is prime.
 * @param {bigint | ArrayBuffer | ArrayBufferView} candidate  as bytes with the highest first
 * @param {{ checks?: number }} [options]
 * @param {(error: Error | null, isPrime: boolean) => void} callback
 */
function checkPrime(candidate, options = kEmptyObject, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kEmptyObject;
  }
  const bytes = bytesOfNumber(candidate, 'candidate');
  validateFunction(callback, 'callback');
  const checks = checksOf(options);
  if (bytes.byteLength >= TOO_LONG) binding.checkPrimeSync(bytes, checks);
  binding.checkPrime(bytes, checks, callback);
}

/** The same at once. @returns {boolean} */
function checkPrimeSync(candidate, options = kEmptyObject) {
  return binding.checkPrimeSync(bytesOfNumber(candidate, 'candidate'), checksOf(options));
}

function checkWish(size, options) {
  validateObject(options, 'options');
  const { safe = false, bigint = false } = options;
  let { add, rem } = options;
  validateBoolean(safe, 'options.safe');
  validateBoolean(bigint, 'options.bigint');
  if (add !== undefined) add = bytesOfNumber(add, 'options.add');
  if (rem !== undefined) rem = bytesOfNumber(rem, 'options.rem');
  return [size, safe, add, rem];
}

/**
 * Makes a prime on the thread pool.
 * @param {number} size  in bits
 * @param {{ add?: bigint | ArrayBuffer | ArrayBufferView, rem?: bigint | ArrayBuffer | ArrayBufferView,
 *   safe?: boolean, bigint?: boolean }} [options]
 * @param {(error: Error | null, prime: ArrayBuffer | bigint) => void} callback
 */
function generatePrime(size, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kEmptyObject;
  } else if (options === undefined) {
    options = kEmptyObject;
  }
  validateInt32(size, 'size', 1);
  validateFunction(callback, 'callback');
  const wish = checkWish(size, options);
  const { bigint } = options;
  binding.generatePrime(...wish, (error, prime) => {
    if (error !== null) callback(error);
    else callback(null, bigint ? numberOfBytes(prime) : prime.buffer);
  });
}

/** The same at once. @returns {ArrayBuffer | bigint} */
function generatePrimeSync(size, options = kEmptyObject) {
  validateInt32(size, 'size', 1);
  const prime = binding.generatePrimeSync(...checkWish(size, options));
  return options.bigint ? numberOfBytes(prime) : prime.buffer;
}

module.exports = { checkPrime, checkPrimeSync, generatePrime, generatePrimeSync };
