// The library behind `crypto` as a whole: FIPS, engines, memory for secrets.
'use strict';

const {
  codes: { ERR_CRYPTO_ENGINE_UNKNOWN, ERR_CRYPTO_FIPS_FORCED, ERR_WORKER_UNSUPPORTED_OPERATION },
} = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { validateNumber, validateString } = require('internal/validators');
const { binding, forgetDigests } = require('internal/crypto/util');

/** @returns {0 | 1} whether only algorithms approved for FIPS can be used */
function getFips() {
  return getOptionValue('--force-fips') || binding.isFipsEnabled() ? 1 : 0;
}

/** @param {boolean} val  whether only algorithms approved for FIPS shall be used */
function setFips(val) {
  if (getOptionValue('--force-fips')) {
    if (val) return;
    throw new ERR_CRYPTO_FIPS_FORCED();
  }
  if (!require('worker_threads').isMainThread) {
    throw new ERR_WORKER_UNSUPPORTED_OPERATION('Calling crypto.setFips()');
  }
  binding.enableFips(Boolean(val));
  forgetDigests();
}

/** Under the permission model, nobody gets as far as to find out which engines there are. */
function refuseEngines() {
  if (internalBinding('permission').mode() === 0) return;
  const error = new Error(
    'Programmatic selection of OpenSSL engines is unsupported while the experimental permission model is enabled');
  error.code = 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED';
  throw error;
}

/**
 * Engines belong to older versions of OpenSSL: this one has none.
 * @param {string} id
 * @param {number} [flags]
 */
function setEngine(id, flags) {
  validateString(id, 'id');
  if (flags) validateNumber(flags, 'flags');
  refuseEngines();
  throw new ERR_CRYPTO_ENGINE_UNKNOWN(id);
}

/** @returns {{ total: number, used: number, utilization: number, min: number }} the memory for secrets */
function secureHeapUsed() {
  const used = binding.secureHeapUsed();
  const total = used === undefined ? 0 : getOptionValue('--secure-heap');
  return { total, used: used ?? 0, utilization: (used ?? 0) / total, min: getOptionValue('--secure-heap-min') || 2 };
}

/** Sets memory aside for secrets where the command line asks for it. */
function beginSecureHeap() {
  const size = getOptionValue('--secure-heap');
  if (size > 0) binding.beginSecureHeap(size, getOptionValue('--secure-heap-min') || 2);
}

/** Ends the process where the configuration of OpenSSL leaves it without random bytes. */
function checkConfiguration() {
  if (!binding.isRandom()) process.abort();
}

beginSecureHeap();

module.exports = { checkConfiguration, getFips, refuseEngines, secureHeapUsed, setEngine, setFips };
