// `tls.rootCertificates`, `getCACertificates` and `setDefaultCACertificates`.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateArray, validateOneOf, validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { getOptionValue } = require('internal/options');
const binding = internalBinding('tls');

/** The lists that have been asked for, by their kind. */
const lists = { bundled: undefined, default: undefined, extra: undefined, system: undefined };

function bundled() {
  lists.bundled ??= Object.freeze(binding.bundledCertificates());
  return lists.bundled;
}

function system() {
  lists.system ??= Object.freeze(binding.systemCertificates());
  return lists.system;
}

let warned = false;

function extra() {
  if (lists.extra === undefined) {
    const [certificates, reason] = binding.extraCertificates();
    lists.extra = Object.freeze(certificates);
    if (reason !== undefined) warnOfExtra(reason);
  }
  return lists.extra;
}

function warnOfExtra(reason) {
  if (warned) return;
  warned = true;
  process.emitWarning(`Ignoring extra certs from \`${process.env.NODE_EXTRA_CA_CERTS}\`, load failed: ${reason}`);
}

/** Has those that contexts believe by default be read by a thread, before anybody asks for them. */
function loadAhead() {
  const kinds = binding.loadCertificates();
  if (!(process.env.NODE_DEBUG_NATIVE ?? '').toUpperCase().includes('CRYPTO')) return;
  for (const kind of kinds) process._rawDebug('Started loading %s root certificates off-thread', kind);
}

/** Tells once of a file of NODE_EXTRA_CA_CERTS that cannot be read. */
function checkExtra() {
  if (process.env.NODE_EXTRA_CA_CERTS) extra();
}

function usesSystem() {
  return getOptionValue('--use-system-ca') || process.env.NODE_USE_SYSTEM_CA === '1';
}

function byDefault() {
  if (lists.default !== undefined) return lists.default;
  const all = [];
  if (getOptionValue('--use-openssl-ca')) {
    all.push(...system());
  } else {
    all.push(...bundled());
    if (usesSystem()) all.push(...system());
  }
  if (process.env.NODE_EXTRA_CA_CERTS) all.push(...extra());
  lists.default = Object.freeze(all);
  return lists.default;
}

const KINDS = { default: byDefault, bundled, system, extra };

/**
 * @param {'default' | 'bundled' | 'system' | 'extra'} [type]
 * @returns {readonly string[]} PEM texts
 */
function getCACertificates(type = 'default') {
  validateString(type, 'type');
  validateOneOf(type, 'type', Object.keys(KINDS));
  return KINDS[type]();
}

/**
 * Has contexts without authorities of their own believe these from now on.
 * @param {(string | ArrayBufferView)[]} certs
 */
function setDefaultCACertificates(certs) {
  validateArray(certs, 'certs');
  certs.forEach((cert, index) => {
    if (typeof cert !== 'string' && !isArrayBufferView(cert)) {
      throw new ERR_INVALID_ARG_TYPE(`certs[${index}]`, ['string', 'ArrayBufferView'], cert);
    }
  });
  lists.default = Object.freeze(binding.setDefaultCertificates(certs));
}

module.exports = {
  checkExtra, getCACertificates, loadAhead, rootCertificates: bundled, setDefaultCACertificates,
};
