// Secrets that two sides share: Diffie-Hellman in groups and on curves, encapsulation, encryption with keys.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');

// Groups with a name.
{
  const [alice, bob] = [crypto.getDiffieHellman('modp14'), crypto.createDiffieHellmanGroup('MODP14')];
  assert.strictEqual(alice.verifyError, 0);
  assert.throws(() => alice.getPublicKey(), { code: 'ERR_CRYPTO_INVALID_STATE' });
  const [fromAlice, fromBob] = [alice.generateKeys(), bob.generateKeys('hex')];
  const secret = alice.computeSecret(fromBob, 'hex');
  assert.deepStrictEqual(bob.computeSecret(fromAlice), secret);
  assert.strictEqual(secret.length, 256);
  for (const bad of [Buffer.alloc(0), Buffer.of(1)]) {
    assert.throws(() => alice.computeSecret(bad), {
      name: 'RangeError', code: 'ERR_CRYPTO_INVALID_KEYLEN', message: 'Supplied key is too small',
    });
  }
  assert.throws(() => alice.computeSecret(Buffer.alloc(257, 255)), { message: 'Supplied key is too large' });
  assert.throws(() => crypto.getDiffieHellman('modp3'), { code: 'ERR_CRYPTO_UNKNOWN_DH_GROUP' });
  assert.strictEqual(alice.setPrivateKey, undefined);
}

// A group that a program gives, and keys that it sets.
{
  const prime = crypto.getDiffieHellman('modp5').getPrime();
  const first = crypto.createDiffieHellman(prime, 2);
  first.generateKeys();
  const second = crypto.createDiffieHellman(prime.toString('hex'), 'hex', '02', 'hex');
  second.setPrivateKey(first.getPrivateKey());
  second.generateKeys();
  assert.deepStrictEqual(second.getPublicKey(), first.getPublicKey());
  assert.throws(() => crypto.createDiffieHellman(prime, 1), { code: 'ERR_OSSL_DH_BAD_GENERATOR' });
  assert.throws(() => crypto.createDiffieHellman(1), { code: 'ERR_OSSL_DH_MODULUS_TOO_SMALL' });
}

// Curves.
for (const curve of ['secp256k1', 'prime256v1', 'secp521r1', 'brainpoolP320r1']) {
  const [alice, bob] = [crypto.createECDH(curve), crypto.createECDH(curve)];
  alice.generateKeys();
  const key = bob.generateKeys('base64', 'compressed');
  assert.deepStrictEqual(alice.computeSecret(key, 'base64'), bob.computeSecret(alice.getPublicKey()));
  const whole = crypto.ECDH.convertKey(key, curve, 'base64', 'hex', 'uncompressed');
  assert.strictEqual(whole, bob.getPublicKey('hex'));
  assert.throws(() => alice.computeSecret(Buffer.alloc(5)), { code: 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY' });
  assert.throws(() => alice.setPrivateKey(Buffer.alloc(0)), { code: 'ERR_CRYPTO_INVALID_KEYTYPE' });
}
for (const name of ['no such curve', 'P-521']) {
  assert.throws(() => crypto.createECDH(name), { code: 'ERR_CRYPTO_INVALID_CURVE' });
}

// Key objects.
for (const [type, options] of [['ec', { namedCurve: 'P-384' }], ['x25519'], ['x448'], ['dh', { group: 'modp15' }]]) {
  const [alice, bob] = [crypto.generateKeyPairSync(type, options), crypto.generateKeyPairSync(type, options)];
  const secret = crypto.diffieHellman({ privateKey: alice.privateKey, publicKey: bob.publicKey });
  crypto.diffieHellman({ privateKey: bob.privateKey, publicKey: alice.publicKey }, (error, other) => {
    assert.ifError(error);
    assert.deepStrictEqual(other, secret);
  });
  const publicKey = crypto.generateKeyPairSync('ed25519').publicKey;
  assert.throws(() => crypto.diffieHellman({ privateKey: alice.privateKey, publicKey }), {
    code: 'ERR_CRYPTO_INCOMPATIBLE_KEY',
    message: `Incompatible key types for Diffie-Hellman: ${type} and ed25519`,
  });
}

// Encapsulation.
for (const [type, options] of [['ml-kem-768'], ['x25519'], ['ec', { namedCurve: 'P-256' }]]) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
  const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
  assert.deepStrictEqual(crypto.decapsulate(privateKey, ciphertext), sharedKey);
  assert.throws(() => crypto.decapsulate(privateKey, ciphertext.subarray(1)), {
    code: 'ERR_CRYPTO_OPERATION_FAILED', message: 'Decapsulation failed',
  });
}

// Encryption.
{
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = Buffer.from('a secret');
  const variants = [
    { padding: crypto.constants.RSA_PKCS1_PADDING },
    {},
    { oaepHash: 'sha512', oaepLabel: Buffer.from('label') },
  ];
  for (const variant of variants) {
    const encrypted = crypto.publicEncrypt({ key: publicKey, ...variant }, data);
    assert.deepStrictEqual(crypto.privateDecrypt({ key: privateKey, ...variant }, encrypted), data);
  }
  const labelled = crypto.publicEncrypt({ key: publicKey, oaepLabel: 'one' }, data);
  assert.throws(() => crypto.privateDecrypt({ key: privateKey, oaepLabel: 'another' }, labelled), {
    code: 'ERR_OSSL_RSA_OAEP_DECODING_ERROR',
  });
  const signed = crypto.privateEncrypt(privateKey, data);
  assert.deepStrictEqual(crypto.publicDecrypt(publicKey, signed), data);
  assert.throws(() => crypto.publicEncrypt(publicKey, Buffer.alloc(256)), {
    code: 'ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE',
  });
}
