// Asymmetric keys: made, written, read again in every format, and used for signatures.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');

const data = Buffer.from('what is signed');

const types = [
  ['rsa', { modulusLength: 1024 }, 'sha256'],
  ['rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha256' }, 'sha256'],
  ['ec', { namedCurve: 'P-256' }, 'sha256'],
  ['ec', { namedCurve: 'secp521r1', paramEncoding: 'explicit' }, 'sha512'],
  ['ed25519', undefined, null],
  ['ed448', undefined, null],
  ['ml-dsa-44', undefined, null],
];

for (const [type, options, digest] of types) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
  assert.strictEqual(publicKey.type, 'public');
  assert.strictEqual(privateKey.type, 'private');
  assert.strictEqual(publicKey.asymmetricKeyType, type);
  assert.deepStrictEqual(publicKey.asymmetricKeyDetails, privateKey.asymmetricKeyDetails);

  const signature = crypto.sign(digest, data, privateKey);
  assert.strictEqual(crypto.verify(digest, data, publicKey, signature), true);
  assert.strictEqual(crypto.verify(digest, Buffer.from('another'), publicKey, signature), false);

  for (const format of ['pem', 'der']) {
    const spki = publicKey.export({ type: 'spki', format });
    assert.ok(crypto.createPublicKey({ key: spki, type: 'spki', format }).equals(publicKey));
    const pkcs8 = privateKey.export({ type: 'pkcs8', format });
    assert.ok(crypto.createPrivateKey({ key: pkcs8, type: 'pkcs8', format }).equals(privateKey));
    assert.ok(crypto.createPublicKey({ key: pkcs8, type: 'pkcs8', format }).equals(publicKey));

    const passphrase = 'a secret';
    const encrypted = privateKey.export({ type: 'pkcs8', format, cipher: 'aes-256-cbc', passphrase });
    assert.ok(crypto.createPrivateKey({ key: encrypted, type: 'pkcs8', format, passphrase }).equals(privateKey));
    // Of 256 wrong keys one leaves what looks like padding, and then what is not the encoding of a key.
    assert.throws(
      () => crypto.createPrivateKey({ key: encrypted, type: 'pkcs8', format, passphrase: 'another' }),
      { code: /^ERR_OSSL_/ });
    assert.throws(
      () => crypto.createPrivateKey({ key: encrypted, type: 'pkcs8', format }),
      { code: format === 'der' ? 'ERR_MISSING_PASSPHRASE' : 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED' });
  }
  if (type === 'rsa-pss') {
    assert.throws(() => publicKey.export({ format: 'jwk' }), { code: 'ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE' });
    continue;
  }
  const jwk = privateKey.export({ format: 'jwk' });
  assert.ok(crypto.createPrivateKey({ key: jwk, format: 'jwk' }).equals(privateKey));
  assert.ok(crypto.createPublicKey({ key: publicKey.export({ format: 'jwk' }), format: 'jwk' }).equals(publicKey));
}

// Truncated PEM, and what is none.
{
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', {
    namedCurve: 'P-384',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  for (let length = 0; length < privateKey.length - 30; length += 17) {
    assert.throws(() => crypto.createPrivateKey(privateKey.slice(0, length)), { code: 'ERR_OSSL_UNSUPPORTED' });
    assert.throws(
      () => crypto.createPublicKey(publicKey.slice(0, Math.min(length, publicKey.length - 30))),
      { code: 'ERR_OSSL_UNSUPPORTED', opensslErrorStack: ['error:1E08010C:DECODER routines::unsupported'] });
  }
  assert.throws(() => crypto.createPrivateKey({ key: Buffer.from('garbage'), format: 'der', type: 'pkcs8' }), {
    message: 'error:0680008E:asn1 encoding routines::not enough data',
    code: 'ERR_OSSL_ASN1_NOT_ENOUGH_DATA',
  });
}

// Streams give what the function in one call gives.
{
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  const stream = crypto.createSign('RSA-SHA256');
  stream.write('what is ');
  stream.end('signed');
  const signature = stream.sign(privateKey, 'base64');
  assert.strictEqual(signature, crypto.sign('sha256', data, privateKey).toString('base64'));
  assert.strictEqual(crypto.createVerify('sha256').update(data).verify(publicKey, signature, 'base64'), true);
  assert.throws(() => stream.sign(privateKey), { code: 'ERR_CRYPTO_INVALID_STATE', message: 'Not initialised' });
}

// The asynchronous forms answer later.
{
  let called = false;
  crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, (error, publicKey, privateKey) => {
    called = true;
    assert.ifError(error);
    crypto.sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }, (error, signature) => {
      assert.ifError(error);
      assert.strictEqual(signature.length, 64);
      const options = { key: publicKey, dsaEncoding: 'ieee-p1363' };
      crypto.verify('sha256', data, options, signature, (error, isValid) => {
        assert.ifError(error);
        assert.strictEqual(isValid, true);
      });
    });
  });
  assert.strictEqual(called, false);
}
