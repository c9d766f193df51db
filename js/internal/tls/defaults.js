// What `tls` takes for granted where a program does not say: properties of the module that programs may change.
'use strict';

const { getOptionValue } = require('internal/options');

const CIPHERS = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:' +
  'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:' +
  'ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-SHA256:' +
  'ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA256:DHE-RSA-AES256-SHA256:HIGH:' +
  '!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA';

function minVersion() {
  // The lowest that is allowed by any option counts.
  for (const version of ['1.0', '1.1', '1.2', '1.3']) {
    if (getOptionValue(`--tls-min-v${version}`)) return version === '1.0' ? 'TLSv1' : `TLSv${version}`;
  }
  return 'TLSv1.2';
}

function maxVersion() {
  // The highest that is allowed by any option counts.
  if (getOptionValue('--tls-max-v1.3')) return 'TLSv1.3';
  if (getOptionValue('--tls-max-v1.2')) return 'TLSv1.2';
  return 'TLSv1.3';
}

/** @returns {object} the defaults of this process */
function initial() {
  return {
    DEFAULT_CIPHERS: getOptionValue('--tls-cipher-list') || CIPHERS,
    DEFAULT_ECDH_CURVE: 'auto',
    DEFAULT_MIN_VERSION: minVersion(),
    DEFAULT_MAX_VERSION: maxVersion(),
  };
}

/** @returns {object} the module `tls`, whose properties are the defaults of the moment */
function current() {
  return require('tls');
}

module.exports = { current, initial };
