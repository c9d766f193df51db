// Certificates: `X509Certificate`.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS },
} = require('internal/errors');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateBoolean, validateObject, validateString } = require('internal/validators');
const { PrivateKeyObject, PublicKeyObject } = require('internal/crypto/asymmetric_keys');
const { handleOf, isKeyObject, typeOf } = require('internal/crypto/keys');
const { getArrayBufferOrView, viewOf } = require('internal/crypto/util');

const binding = internalBinding('crypto_x509');

let isX509Certificate;
let handleOfCertificate;

/** OpenSSL's flags for the options of checks. */
const ALWAYS_CHECK_SUBJECT = 0x1;
const NEVER_CHECK_SUBJECT = 0x20;
const hostFlags = {
  wildcards: [true, 0x2],
  partialWildcards: [true, 0x4],
  multiLabelWildcards: [false, 0x8],
  singleLabelSubdomains: [false, 0x10],
};

/** What nobody has computed yet. */
const unknown = Symbol('unknown');

// What a check of names is to consider.
function subjectFlag(options) {
  const { subject = 'default' } = options;
  validateString(subject, 'options.subject');
  switch (subject) {
    case 'default':
      return 0;
    case 'always':
      return ALWAYS_CHECK_SUBJECT;
    case 'never':
      return NEVER_CHECK_SUBJECT;
    default:
      throw new ERR_INVALID_ARG_VALUE('options.subject', subject);
  }
}

function flagsOf(options) {
  if (options === undefined) return 0;
  validateObject(options, 'options');
  let flags = subjectFlag(options);
  for (const name in hostFlags) {
    const [normal, flag] = hostFlags[name];
    const value = options[name] === undefined ? normal : options[name];
    validateBoolean(value, `options.${name}`);
    if (value !== normal) flags |= flag;
  }
  return flags;
}

function answer(result) {
  if (result !== null) return result;
  const error = new ERR_INVALID_ARG_VALUE('name', undefined);
  error.message = 'Invalid name';
  throw error;
}

function bufferOf(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What the constructor is given by this module alone: an object of Rust's, or none yet. */
class Handle {
  constructor(handle) {
    this.handle = handle;
  }
}

class X509Certificate {
  #handle;
  // What has been asked for once.
  #facts = { __proto__: null };
  #issuerCertificate;

  static {
    isX509Certificate = (value) => typeof value === 'object' && value !== null && #handle in value;
    handleOfCertificate = (certificate) => certificate.#handle;
  }

  constructor(buffer) {
    if (buffer instanceof Handle) {
      this.#handle = buffer.handle;
    } else {
      if (typeof buffer === 'string') buffer = Buffer.from(buffer);
      if (!isArrayBufferView(buffer)) {
        throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
      }
      this.#handle = binding.parse(buffer);
    }
    this[kTransferMode] = kCloneable;
  }

  static setIssuer(certificate, issuer) {
    certificate.#issuerCertificate = issuer;
  }

  static fact(certificate, name, compute) {
    if (!isX509Certificate(certificate)) throw new ERR_INVALID_THIS('X509Certificate');
    const facts = certificate.#facts;
    const value = name in facts ? facts[name] : unknown;
    if (value !== unknown) return value;
    facts[name] = compute(certificate.#handle);
    return facts[name];
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const shown = {};
    for (const name of inspected) shown[name] = this[name];
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `X509Certificate ${inspect(shown, nested)}`;
  }

  [kClone]() {
    return { data: binding.raw(this.#handle), deserializeInfo: 'internal/crypto/x509:ClonedCertificate' };
  }

  [kDeserialize](raw) {
    this.#handle = binding.parse(raw);
  }

  get subject() {
    return fact(this, 'subject', (handle) => binding.subject(handle));
  }

  get subjectAltName() {
    return fact(this, 'subjectAltName', (handle) => binding.subjectAltName(handle));
  }

  get issuer() {
    return fact(this, 'issuer', (handle) => binding.issuer(handle));
  }

  /** The certificate of the issuer, where the connection that this one is of had it. */
  get issuerCertificate() {
    if (!isX509Certificate(this)) throw new ERR_INVALID_THIS('X509Certificate');
    return this.#issuerCertificate;
  }

  get infoAccess() {
    return fact(this, 'infoAccess', (handle) => binding.infoAccess(handle));
  }

  get validFrom() {
    return validity(this)[0];
  }

  get validTo() {
    return validity(this)[1];
  }

  get validFromDate() {
    return new Date(validity(this)[0]);
  }

  get validToDate() {
    return new Date(validity(this)[1]);
  }

  get fingerprint() {
    return fact(this, 'fingerprint', (handle) => binding.fingerprint(handle, 'sha1'));
  }

  get fingerprint256() {
    return fact(this, 'fingerprint256', (handle) => binding.fingerprint(handle, 'sha256'));
  }

  get fingerprint512() {
    return fact(this, 'fingerprint512', (handle) => binding.fingerprint(handle, 'sha512'));
  }

  get keyUsage() {
    return fact(this, 'keyUsage', (handle) => binding.keyUsage(handle));
  }

  get serialNumber() {
    return fact(this, 'serialNumber', (handle) => binding.serialNumber(handle));
  }

  get signatureAlgorithm() {
    return signatureAlgorithm(this)[0];
  }

  get signatureAlgorithmOid() {
    return signatureAlgorithm(this)[1];
  }

  get raw() {
    return fact(this, 'raw', (handle) => bufferOf(binding.raw(handle)));
  }

  get publicKey() {
    return fact(this, 'publicKey', (handle) => new PublicKeyObject(binding.publicKey(handle)));
  }

  toString() {
    return fact(this, 'pem', (handle) => bufferOf(binding.pem(handle)).latin1Slice());
  }

  // There is no JSON form of certificates; this one can be read again.
  toJSON() {
    return this.toString();
  }

  get ca() {
    return fact(this, 'ca', (handle) => binding.isAuthority(handle));
  }

  checkHost(name, options) {
    validateString(name, 'name');
    return answer(binding.checkHost(this.#handle, name, flagsOf(options)));
  }

  checkEmail(email, options) {
    validateString(email, 'email');
    return answer(binding.checkEmail(this.#handle, email, flagsOf(options)));
  }

  checkIP(ip, options) {
    validateString(ip, 'ip');
    flagsOf(options);
    return answer(binding.checkIp(this.#handle, ip));
  }

  checkIssued(otherCert) {
    if (!isX509Certificate(otherCert)) throw new ERR_INVALID_ARG_TYPE('otherCert', 'X509Certificate', otherCert);
    return binding.isIssuedBy(this.#handle, otherCert.#handle);
  }

  checkPrivateKey(pkey) {
    return binding.belongsTo(this.#handle, keyOfType(pkey, 'private'));
  }

  verify(pkey) {
    return binding.isSignedBy(this.#handle, keyOfType(pkey, 'public'));
  }

  toLegacyObject() {
    return fact(this, 'legacy', (handle) => legacyObject(this, handle));
  }
}

const { fact, setIssuer } = X509Certificate;
delete X509Certificate.fact;
delete X509Certificate.setIssuer;

/** What is shown of a certificate, in order. */
const inspected = [
  'subject', 'subjectAltName', 'issuer', 'infoAccess', 'validFrom', 'validTo', 'validFromDate', 'validToDate',
  'fingerprint', 'fingerprint256', 'fingerprint512', 'keyUsage', 'serialNumber', 'signatureAlgorithm',
  'signatureAlgorithmOid',
];

function validity(certificate) {
  return fact(certificate, 'validity', (handle) => binding.validity(handle));
}

function signatureAlgorithm(certificate) {
  return fact(certificate, 'signatureAlgorithm', (handle) => binding.signatureAlgorithm(handle));
}

function keyOfType(key, type) {
  if (!isKeyObject(key)) throw new ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', key);
  if (typeOf(key) !== type) throw new ERR_INVALID_ARG_VALUE('pkey', key);
  return handleOf(key);
}

/** Makes a certificate without contents, which `[kDeserialize]()` fills. */
function ClonedCertificate() {
  return new X509Certificate(new Handle(undefined));
}

// The parts of a name; a part that comes several times has a list.
function collect(entries) {
  const result = { __proto__: null };
  for (let i = 0; i < entries.length; i += 2) {
    const [name, value] = [entries[i], entries[i + 1]];
    const known = result[name];
    if (known === undefined) result[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else result[name] = [known, value];
  }
  return result;
}

// Lines such as `OCSP - URI:http://ocsp.example.com/` by what is before the colon.
function collectAccess(text) {
  const result = { __proto__: null };
  for (const line of text.split('\n')) {
    const end = line.indexOf(':');
    const value = line.slice(end + 1);
    (result[line.slice(0, end)] ??= []).push(value.startsWith('"') ? JSON.parse(value) : value);
  }
  return result;
}

/** The names that NIST has given to curves. */
const nistCurves = {
  __proto__: null,
  prime192v1: 'P-192',
  secp224r1: 'P-224',
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  sect163k1: 'K-163',
  sect163r2: 'B-163',
  sect233k1: 'K-233',
  sect233r1: 'B-233',
  sect283k1: 'K-283',
  sect283r1: 'B-283',
  sect409k1: 'K-409',
  sect409r1: 'B-409',
  sect571k1: 'K-571',
  sect571r1: 'B-571',
};

// What the older form tells of a key.
function legacyKey(certificate) {
  let key;
  try {
    key = certificate.publicKey;
  } catch {
    // Of a key of a kind that the library does not know, nothing is told.
    return {};
  }
  const keys = internalBinding('crypto_keys');
  const handle = handleOf(key);
  const spki = () => key.export({ format: 'der', type: 'spki' });
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return {
        modulus: bufferOf(keys.getNumber(handle, 'n', 0)).toString('hex').toUpperCase(),
        exponent: `0x${BigInt(key.asymmetricKeyDetails.publicExponent).toString(16)}`,
        pubkey: spki(),
        bits: keys.getInt(handle, 'bits'),
      };
    case 'ec': {
      const asn1Curve = keys.getText(handle, 'group');
      const pubkey = key.export({ format: 'raw-public' });
      return { pubkey, bits: keys.getInt(handle, 'bits'), asn1Curve, nistCurve: nistCurves[asn1Curve] };
    }
    default:
      return {};
  }
}

/** @returns {object} the certificate as `tlsSocket.getPeerCertificate()` shows it */
function legacyObject(certificate, handle) {
  const { modulus, exponent, pubkey, bits, asn1Curve, nistCurve } = legacyKey(certificate);
  const { infoAccess } = certificate;
  return {
    subject: collect(binding.subjectEntries(handle)),
    issuer: collect(binding.issuerEntries(handle)),
    subjectaltname: certificate.subjectAltName,
    infoAccess: infoAccess === undefined ? undefined : collectAccess(infoAccess),
    ca: certificate.ca,
    modulus,
    exponent,
    pubkey,
    bits,
    valid_from: certificate.validFrom,
    valid_to: certificate.validTo,
    fingerprint: certificate.fingerprint,
    fingerprint256: certificate.fingerprint256,
    fingerprint512: certificate.fingerprint512,
    ext_key_usage: certificate.keyUsage,
    serialNumber: certificate.serialNumber,
    raw: certificate.raw,
    asn1Curve,
    nistCurve,
  };
}

/**
 * What is in a PKCS#12 bundle.
 * @param {ArrayBuffer | ArrayBufferView} bundle
 * @param {{ passphrase?: string | ArrayBuffer | ArrayBufferView }} [options]
 * @returns {{ privateKey?: KeyObject, certificate?: X509Certificate, additionalCertificates: X509Certificate[] }}
 */
function parsePKCS12(bundle, options = undefined) {
  if (!isArrayBufferView(bundle) && !isAnyArrayBuffer(bundle)) {
    throw new ERR_INVALID_ARG_TYPE('bundle', ['ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'], bundle);
  }
  if (options !== undefined) validateObject(options, 'options');
  const { passphrase } = options ?? {};
  const secret = passphrase === undefined || passphrase === null ?
    '' : bufferOf(viewOf(getArrayBufferOrView(passphrase, 'options.passphrase'))).toString();
  const [key, certificate, others] = binding.parsePkcs12(viewOf(bundle), secret);
  return {
    privateKey: key === undefined ? undefined : new PrivateKeyObject(key),
    certificate: certificate === undefined ? undefined : new X509Certificate(new Handle(certificate)),
    additionalCertificates: others.map((other) => new X509Certificate(new Handle(other))),
  };
}

module.exports = {
  ClonedCertificate,
  X509Certificate,
  handleOfCertificate,
  isX509Certificate,
  parsePKCS12,
  setIssuer,
};
