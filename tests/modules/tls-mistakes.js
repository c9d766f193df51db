// Keys and certificates that are wrong: what `tls` says of each.
'use strict';

const assert = require('node:assert');
const tls = require('node:tls');
const https = require('node:https');
const { createPrivateKey, generateKeyPairSync } = require('node:crypto');
const { certify } = require('../../fixtures/certificates');

const ec = certify();
const rsa = certify({ type: 'rsa' });
const locked = createPrivateKey(ec.key).export({
  type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right',
});

/** What making a context of `options` throws; the same as what servers and clients throw. */
function mistake(options) {
  let error;
  assert.throws(() => tls.createSecureContext(options), (thrown) => {
    error = thrown;
    return true;
  });
  assert.throws(() => tls.createServer(options), { code: error.code, message: error.message });
  assert.throws(() => https.createServer(options), { code: error.code, message: error.message });
  assert.throws(() => tls.connect({ port: 1, ...options }), { code: error.code, message: error.message });
  return [error.code, error.library, error.reason];
}

const { cert, key } = ec;
const NO_START = ['ERR_OSSL_PEM_NO_START_LINE', 'PEM routines', 'no start line'];
const UNSUPPORTED = ['ERR_OSSL_UNSUPPORTED', 'DECODER routines', 'unsupported'];

// No PEM at all, or none of the kind that is wanted.
assert.deepStrictEqual(mistake({ cert: 'x' }), NO_START);
assert.deepStrictEqual(mistake({ cert: key }), NO_START);
assert.deepStrictEqual(mistake({ key: 'x' }), UNSUPPORTED);
assert.deepStrictEqual(mistake({ key: cert }), UNSUPPORTED);
assert.deepStrictEqual(mistake({ cert: Buffer.from(ec.raw) }), NO_START);
assert.deepStrictEqual(mistake({ crl: 'x' }), ['ERR_CRYPTO_OPERATION_FAILED', undefined, undefined]);

// PEM that was cut off: somewhere in the middle, or before its last line.
const cut = (pem, length) => pem.slice(0, length);
assert.deepStrictEqual(mistake({ cert: cut(cert, 20) }), NO_START);
assert.deepStrictEqual(mistake({ cert: cut(cert, 200) }).slice(1), ['PEM routines', 'bad end line']);
assert.deepStrictEqual(mistake({ key: cut(key, 100) }), UNSUPPORTED);
for (let length = 0; length < cert.length - 26; length += 37) {
  if (length > 0) assert.throws(() => tls.createSecureContext({ cert: cut(cert, length) }), /PEM routines/);
}
for (let length = 1; length < key.length - 26; length += 7) {
  assert.throws(() => tls.createSecureContext({ key: cut(key, length) }), { code: 'ERR_OSSL_UNSUPPORTED' });
}
// The wrapping is whole, what is in it is not.
const hollow = cert.replace(/\n(?:.{64}\n){2}/, '\n');
assert.strictEqual(mistake({ cert: hollow })[1], 'asn1 encoding routines');

// Keys that do not fit, that need words, or the right ones.
const MISMATCH = ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'x509 certificate routines', 'key values mismatch'];
assert.deepStrictEqual(mistake({ cert, key: certify().key }), MISMATCH);
tls.createSecureContext({ cert, key: locked, passphrase: 'right' });
tls.createSecureContext({ cert, key: [{ pem: locked, passphrase: 'right' }] });
tls.createSecureContext({ cert, key: [{ pem: locked }], passphrase: 'right' });
// Chance may make padding of what a wrong word gives.
for (const passphrase of ['wrong', '']) {
  assert.match(mistake({ cert, key: locked, passphrase })[0], /^ERR_OSSL_/);
}
assert.match(mistake({ cert, key: locked })[0], /^ERR_OSSL_/);
// A key of another kind than the certificate's, and a second pair that is as good.
assert.deepStrictEqual(mistake({ cert: rsa.cert, key: [certify({ type: 'rsa' }).key] }), MISMATCH);
tls.createSecureContext({ cert: [cert, rsa.cert], key: [key, rsa.key] });

// A key without a certificate, and the reverse, may be of use later.
tls.createSecureContext({ key });
tls.createSecureContext({ cert });
tls.createSecureContext({ ca: 'no certificate, and nobody minds' });

// Short keys are refused by the level of security.
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
assert.ok(privateKey);

// PKCS#12.
assert.throws(() => tls.createSecureContext({ pfx: 'x' }), { message: 'not enough data' });
assert.throws(() => tls.createSecureContext({ pfx: Buffer.from([0x30, 0]) }), Error);

// Options of the wrong kind.
for (const [options, name] of [
  [{ cert: 1 }, 'options.cert'], [{ key: true }, 'options.key'], [{ ca: 1 }, 'options.ca'], [{ crl: 1 }, 'options.crl'],
  [{ ciphers: 1 }, 'options.ciphers'], [{ key, passphrase: 1 }, 'options.passphrase'], [{ sigalgs: 1 }, 'options.sigalgs'],
  [{ ecdhCurve: 1 }, 'options.ecdhCurve'], [{ ticketKeys: 1 }, 'options.ticketKeys'],
  [{ sessionTimeout: 'x' }, 'options.sessionTimeout'], [{ clientCertEngine: 1 }, 'options.clientCertEngine'],
]) {
  assert.throws(() => tls.createSecureContext(options), (error) => {
    assert.strictEqual(error.code, 'ERR_INVALID_ARG_TYPE', name);
    assert.ok(error.message.startsWith(`The "${name}" property must be`), error.message);
    return true;
  });
}
assert.throws(() => tls.createSecureContext({ minVersion: 'x' }), {
  code: 'ERR_TLS_INVALID_PROTOCOL_VERSION', message: '"x" is not a valid minimum TLS protocol version',
});
assert.throws(() => tls.createSecureContext({ maxVersion: 'TLSv1.2', secureProtocol: 'TLSv1_method' }), {
  code: 'ERR_TLS_PROTOCOL_VERSION_CONFLICT',
});
assert.throws(() => tls.createSecureContext({ secureProtocol: 'SSLv3_method' }), {
  code: 'ERR_TLS_INVALID_PROTOCOL_METHOD', message: 'SSLv3 methods disabled',
});
assert.throws(() => tls.createSecureContext({ secureProtocol: 'x' }), { message: 'Unknown method: x' });
assert.throws(() => tls.createSecureContext({ dhparam: 'x'.repeat(10) }).context.none());
