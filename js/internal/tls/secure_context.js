// `tls.createSecureContext`: what its options say, told to a native context.
'use strict';

const {
  codes: {
    ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_TLS_INVALID_PROTOCOL_METHOD,
    ERR_TLS_INVALID_PROTOCOL_VERSION, ERR_TLS_PROTOCOL_VERSION_CONFLICT,
  },
} = require('internal/errors');
const {
  validateArray, validateBuffer, validateInt32, validateInteger, validateObject, validateString,
} = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { Buffer } = require('buffer');
const defaults = require('internal/tls/defaults');
const binding = internalBinding('tls');

const NativeContext = binding.SecureContext;

/** OpenSSL's option by which the server's order of ciphers counts. */
const SSL_OP_CIPHER_SERVER_PREFERENCE = 1 << 22;

// Node's names of what the native half names by its own rule.
for (const [name, own] of [
  ['addCACert', 'addCaCert'], ['addCRL', 'addCrl'], ['setECDHCurve', 'setEcdhCurve'], ['setDHParam', 'setDhParam'],
  ['loadPKCS12', 'loadPkcs12'],
]) {
  NativeContext.prototype[name] = NativeContext.prototype[own];
  delete NativeContext.prototype[own];
}

// Add-ons reach OpenSSL's own context by this.
Object.defineProperty(NativeContext.prototype, '_external', { get: NativeContext.prototype.external, enumerable: true });
delete NativeContext.prototype.external;

const TLS1_VERSION = 0x301;
const TLS1_1_VERSION = 0x302;
const TLS1_2_VERSION = 0x303;
const TLS1_3_VERSION = 0x304;

const VERSIONS = {
  '__proto__': null,
  'TLSv1': TLS1_VERSION,
  'TLSv1.1': TLS1_1_VERSION,
  'TLSv1.2': TLS1_2_VERSION,
  'TLSv1.3': TLS1_3_VERSION,
};

/** The sides that a native context can be for. */
const ANY = 0;
const SERVER = 1;
const CLIENT = 2;

/** The length of the keys of tickets, in bytes. */
const TICKET_KEYS_LENGTH = 48;

function versionNumber(which, version, fallback) {
  version ??= fallback;
  const number = VERSIONS[version];
  if (number === undefined) throw new ERR_TLS_INVALID_PROTOCOL_VERSION(version, which);
  return number;
}

/** What OpenSSL's old names of methods say: the side and the lowest and highest version. */
function protocolMethod(name) {
  const match = /^(SSLv2|SSLv3|SSLv23|TLS|TLSv1|TLSv1_1|TLSv1_2)_(?:(server|client)_)?method$/.exec(name);
  if (match === null) throw new ERR_TLS_INVALID_PROTOCOL_METHOD(`Unknown method: ${name}`);
  const [, protocol, side] = match;
  let method = ANY;
  if (side === 'server') method = SERVER;
  else if (side === 'client') method = CLIENT;
  switch (protocol) {
    case 'SSLv2':
    case 'SSLv3':
      throw new ERR_TLS_INVALID_PROTOCOL_METHOD(`${protocol} methods disabled`);
    case 'SSLv23':
      return {
        method,
        min: versionNumber('minimum', undefined, defaults.current().DEFAULT_MIN_VERSION),
        max: TLS1_2_VERSION,
      };
    case 'TLS':
      return { method, min: 0, max: TLS1_3_VERSION };
    default: {
      const version = VERSIONS[protocol.replace('_', '.')];
      return { method, min: version, max: version };
    }
  }
}

/**
 * @param {string} [secureProtocol]  one of OpenSSL's names of methods
 * @param {number} [secureOptions]
 * @param {string} [minVersion]
 * @param {string} [maxVersion]
 */
function SecureContext(secureProtocol, secureOptions, minVersion, maxVersion) {
  if (!(this instanceof SecureContext)) {
    return new SecureContext(secureProtocol, secureOptions, minVersion, maxVersion);
  }
  let method;
  if (secureProtocol && typeof secureProtocol === 'string') {
    if (minVersion !== undefined && minVersion !== null) {
      throw new ERR_TLS_PROTOCOL_VERSION_CONFLICT(minVersion, secureProtocol);
    }
    if (maxVersion !== undefined && maxVersion !== null) {
      throw new ERR_TLS_PROTOCOL_VERSION_CONFLICT(maxVersion, secureProtocol);
    }
    method = protocolMethod(secureProtocol);
  } else {
    method = {
      method: ANY,
      min: versionNumber('minimum', minVersion, defaults.current().DEFAULT_MIN_VERSION),
      max: versionNumber('maximum', maxVersion, defaults.current().DEFAULT_MAX_VERSION),
    };
  }
  this.context = new NativeContext();
  this.context.init(method.method, method.min, method.max);
  if (secureOptions) {
    validateInteger(secureOptions, 'secureOptions');
    this.context.setOptions(secureOptions);
  }
}

function validateKeyOrCert(name, value) {
  if (typeof value !== 'string' && !isArrayBufferView(value)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], value);
  }
}

function eachOf(value, work) {
  if (Array.isArray(value)) value.forEach(work);
  else work(value);
}

function setKey(context, key, passphrase, name) {
  validateKeyOrCert(`${name}.key`, key);
  if (passphrase !== undefined && passphrase !== null) validateString(passphrase, `${name}.passphrase`);
  context.setKey(key, passphrase);
}

function setKeys(context, key, passphrase, name) {
  if (!Array.isArray(key)) {
    setKey(context, key, passphrase, name);
    return;
  }
  // Each of several may have a passphrase of its own.
  for (const value of key) {
    const pem = value?.pem === undefined ? value : value.pem;
    const own = value?.passphrase === undefined ? passphrase : value.passphrase;
    setKey(context, pem, own, name);
  }
}

function addCAs(context, ca, name) {
  eachOf(ca, (value) => {
    validateKeyOrCert(`${name}.ca`, value);
    context.addCACert(value);
  });
}

function addRoots(context) {
  require('internal/tls/authorities').checkExtra();
  context.addRootCerts();
}

/** Those of TLS 1.3 and those before it. */
function splitCiphers(ciphers, name) {
  const list = (ciphers || defaults.current().DEFAULT_CIPHERS).split(':').filter((cipher) => cipher.length > 0);
  const isSuite = (cipher) => cipher.startsWith('TLS_') || cipher.startsWith('!TLS_');
  const cipherList = list.filter((cipher) => !isSuite(cipher)).join(':');
  const cipherSuites = list.filter(isSuite).join(':');
  if (cipherSuites === '' && cipherList === '') throw new ERR_INVALID_ARG_VALUE(name, ciphers);
  return { cipherList, cipherSuites };
}

function setCiphers(context, ciphers, name) {
  if (ciphers !== undefined && ciphers !== null) validateString(ciphers, `${name}.ciphers`);
  const { cipherList, cipherSuites } = splitCiphers(ciphers, `${name}.ciphers`);
  if (cipherSuites !== '') context.setCipherSuites(cipherSuites);
  context.setCiphers(cipherList);
  // Without ciphers for them, the versions before are not offered.
  if (cipherList === '' && context.getMinProto() < TLS1_3_VERSION && context.getMaxProto() > TLS1_2_VERSION) {
    context.setMinProto(TLS1_3_VERSION);
  }
}

function setDHParam(context, dhparam, name) {
  validateKeyOrCert(`${name}.dhparam`, dhparam);
  const warning = context.setDHParam(dhparam === 'auto' ? undefined : dhparam);
  if (warning) process.emitWarning(warning, 'SecurityWarning');
}

function loadPfx(context, pfx, passphrase) {
  eachOf(pfx, (value) => {
    const bytes = value?.buf === undefined ? value : value.buf;
    const own = value?.passphrase || passphrase;
    context.loadPKCS12(toBuffer(bytes), own ? toBuffer(own) : undefined);
  });
}

function toBuffer(value) {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

/**
 * @param {NativeContext} context
 * @param {object} options  of `tls.createSecureContext`
 * @param {string} [name]  what the options are called in errors
 */
function configSecureContext(context, options = {}, name = 'options') {
  validateObject(options, name);
  const {
    allowPartialTrustChain, ca, cert, certificateCompression, ciphers, clientCertEngine, crl, dhparam, ecdhCurve, key, passphrase, pfx,
    privateKeyEngine, privateKeyIdentifier, sessionIdContext, sessionTimeout, sigalgs, ticketKeys,
  } = options;
  const isGiven = (value) => value !== undefined && value !== null;

  setCiphers(context, ciphers, name);
  // The authorities come first: the certificate's issuer is looked for among them.
  if (ca) addCAs(context, ca, name);
  else addRoots(context);
  if (allowPartialTrustChain) context.setAllowPartialTrustChain();
  if (cert) {
    eachOf(cert, (value) => {
      validateKeyOrCert(`${name}.cert`, value);
      context.setCert(value);
    });
  }
  // A key is set after the certificate that it goes with.
  if (key) setKeys(context, key, passphrase, name);

  if (isGiven(sigalgs)) {
    validateString(sigalgs, `${name}.sigalgs`);
    if (sigalgs === '') throw new ERR_INVALID_ARG_VALUE(`${name}.sigalgs`, sigalgs);
    context.setSigalgs(sigalgs);
  }
  checkCompression(certificateCompression, `${name}.certificateCompression`);
  checkEngine(privateKeyEngine, privateKeyIdentifier, name);
  if (isGiven(ecdhCurve)) validateString(ecdhCurve, `${name}.ecdhCurve`);
  context.setECDHCurve(ecdhCurve || defaults.current().DEFAULT_ECDH_CURVE);
  if (isGiven(dhparam)) setDHParam(context, dhparam, name);
  if (isGiven(crl)) {
    eachOf(crl, (value) => {
      validateKeyOrCert(`${name}.crl`, value);
      context.addCRL(value);
    });
  }
  if (isGiven(sessionIdContext)) {
    validateString(sessionIdContext, `${name}.sessionIdContext`);
    context.setSessionIdContext(sessionIdContext);
  }
  if (isGiven(pfx)) loadPfx(context, pfx, passphrase);
  if (isGiven(clientCertEngine)) {
    if (typeof clientCertEngine !== 'string') {
      throw new ERR_INVALID_ARG_TYPE(`${name}.clientCertEngine`, ['string', 'null', 'undefined'], clientCertEngine);
    }
    require('internal/crypto/library').refuseEngines();
    throw new ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
  }
  if (isGiven(ticketKeys)) {
    validateBuffer(ticketKeys, `${name}.ticketKeys`);
    if (ticketKeys.byteLength !== TICKET_KEYS_LENGTH) {
      throw new ERR_INVALID_ARG_VALUE(
        `${name}.ticketKeys`, ticketKeys.byteLength, `must be exactly ${TICKET_KEYS_LENGTH} bytes`);
    }
    context.setTicketKeys(ticketKeys);
  }
  if (isGiven(sessionTimeout)) {
    validateInt32(sessionTimeout, `${name}.sessionTimeout`, 0);
    context.setSessionTimeout(sessionTimeout);
  }
}

/** The algorithms by which certificates may be compressed. */
const COMPRESSIONS = new Set(['zlib', 'brotli', 'zstd']);

function checkCompression(algorithms, name) {
  if (algorithms === undefined || algorithms === null) return;
  validateArray(algorithms, name);
  algorithms.forEach((algorithm, index) => {
    if (COMPRESSIONS.has(algorithm)) return;
    throw new ERR_INVALID_ARG_VALUE(`${name}[${index}]`, algorithm, "must be 'zlib', 'brotli', or 'zstd'");
  });
  if (algorithms.length === 0) return;
  const { notThereYet } = require('internal/not_yet');
  throw notThereYet('The compression of certificates is not there yet in Ironode');
}

function checkEngine(engine, identifier, name) {
  if (identifier === undefined || identifier === null) return;
  for (const [key, value] of [['privateKeyEngine', engine], ['privateKeyIdentifier', identifier]]) {
    if (typeof value !== 'string' && value !== undefined && value !== null) {
      throw new ERR_INVALID_ARG_TYPE(`${name}.${key}`, ['string', 'null', 'undefined'], value);
    }
  }
  if (engine === undefined || engine === null) {
    throw new ERR_INVALID_ARG_VALUE(`${name}.privateKeyEngine`, engine);
  }
  require('internal/crypto/library').refuseEngines();
  throw new ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
}

/**
 * @param {object} [options]
 * @returns {SecureContext}
 */
function createSecureContext(options) {
  options ||= {};
  validateObject(options, 'options');
  let { secureOptions } = options;
  if (options.honorCipherOrder) secureOptions |= SSL_OP_CIPHER_SERVER_PREFERENCE;
  const context = new SecureContext(options.secureProtocol, secureOptions, options.minVersion, options.maxVersion);
  configSecureContext(context.context, options);
  return context;
}

module.exports = { SecureContext, createSecureContext };
