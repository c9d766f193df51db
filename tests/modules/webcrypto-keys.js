// Web Crypto with public and private keys: in every format, on its way to another thread, for what it is meant.
'use strict';

const assert = require('node:assert');
const { createPublicKey, generateKeyPairSync, KeyObject, webcrypto } = require('node:crypto');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const { subtle } = webcrypto;
const data = Buffer.from('what is signed');

if (!isMainThread) {
  const { publicKey, signature, keyObject } = workerData;
  subtle.verify('Ed25519', publicKey, signature, data).then((isValid) => {
    parentPort.postMessage({ isValid, type: keyObject.asymmetricKeyType, keyObject });
  });
  return;
}

process.removeAllListeners('warning');
process.on('warning', () => {});

const rsa = { modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
const signers = [
  [{ name: 'RSASSA-PKCS1-v1_5', ...rsa }],
  [{ name: 'RSA-PSS', ...rsa }, { name: 'RSA-PSS', saltLength: 32 }],
  [{ name: 'ECDSA', namedCurve: 'P-384' }, { name: 'ECDSA', hash: 'SHA-512' }],
  [{ name: 'Ed25519' }],
  [{ name: 'Ed448' }, { name: 'Ed448', context: Buffer.from('context') }],
  [{ name: 'ML-DSA-65' }],
];

async function testSigner(algorithm, params = algorithm) {
  const { publicKey, privateKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const signature = await subtle.sign(params, privateKey, data);
  assert.strictEqual(await subtle.verify(params, publicKey, signature, data), true);
  assert.strictEqual(await subtle.verify(params, publicKey, signature, Buffer.from('another')), false);
  await assert.rejects(subtle.sign(params, publicKey, data), { name: 'InvalidAccessError' });

  for (const format of ['spki', 'jwk']) {
    const exported = await subtle.exportKey(format, publicKey);
    const again = await subtle.importKey(format, exported, algorithm, true, ['verify']);
    assert.deepStrictEqual(again.algorithm, publicKey.algorithm);
    assert.strictEqual(await subtle.verify(params, again, signature, data), true);
    await assert.rejects(subtle.importKey(format, exported, algorithm, true, ['sign']), { name: 'SyntaxError' });
  }
  for (const format of ['pkcs8', 'jwk']) {
    const exported = await subtle.exportKey(format, privateKey);
    const again = await subtle.importKey(format, exported, algorithm, false, ['sign']);
    assert.strictEqual(await subtle.verify(params, publicKey, await subtle.sign(params, again, data), data), true);
    await assert.rejects(subtle.exportKey(format, again), {
      name: 'InvalidAccessError', message: 'key is not extractable',
    });
  }
  await assert.rejects(subtle.importKey('spki', Buffer.from('garbage'), algorithm, true, ['verify']), {
    name: 'DataError', message: 'Invalid keyData',
  });
}

async function testAgreement(algorithm) {
  const usages = ['deriveKey', 'deriveBits'];
  const [alice, bob] = await Promise.all([
    subtle.generateKey(algorithm, true, usages), subtle.generateKey(algorithm, true, usages),
  ]);
  const { name } = algorithm;
  const bits = await subtle.deriveBits({ name, public: bob.publicKey }, alice.privateKey, 128);
  assert.deepStrictEqual(await subtle.deriveBits({ name, public: alice.publicKey }, bob.privateKey, 128), bits);
  const raw = await subtle.exportKey('raw', bob.publicKey);
  const again = await subtle.importKey('raw', raw, algorithm, true, []);
  const whole = await subtle.deriveBits({ name, public: again }, alice.privateKey);
  assert.deepStrictEqual(whole.slice(0, 16), bits);
  await assert.rejects(subtle.deriveBits({ name, public: bob.privateKey }, alice.privateKey, 128), {
    name: 'InvalidAccessError',
  });
  await assert.rejects(subtle.deriveBits({ name, public: again }, alice.privateKey, 4096), {
    name: 'OperationError', message: 'derived bit length is too small',
  });
}

async function testWorker() {
  const { publicKey, privateKey } = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const signature = await subtle.sign('Ed25519', privateKey, data);
  const keyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const worker = new Worker(__filename, { workerData: { publicKey, signature, keyObject } });
  const [answer] = await require('node:events').once(worker, 'message');
  assert.strictEqual(answer.isValid, true);
  assert.strictEqual(answer.type, 'ec');
  assert.ok(answer.keyObject.equals(keyObject));
}

async function testConversions() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const key = publicKey.toCryptoKey({ name: 'RSA-OAEP', hash: 'SHA-1' }, true, ['encrypt']);
  assert.ok(KeyObject.from(key).equals(publicKey));
  const encrypted = await subtle.encrypt('RSA-OAEP', key, data);
  const decrypting = privateKey.toCryptoKey({ name: 'RSA-OAEP', hash: 'SHA-1' }, false, ['decrypt']);
  assert.deepStrictEqual(Buffer.from(await subtle.decrypt('RSA-OAEP', decrypting, encrypted)), data);
  assert.ok(createPublicKey(KeyObject.from(decrypting)).equals(publicKey));
  assert.throws(() => privateKey.toCryptoKey('Ed25519', true, ['sign']), { name: 'DataError' });

  const pair = await subtle.generateKey('ML-KEM-768', true, ['encapsulateBits', 'decapsulateBits']);
  const { sharedKey, ciphertext } = await subtle.encapsulateBits('ML-KEM-768', pair.publicKey);
  assert.deepStrictEqual(await subtle.decapsulateBits('ML-KEM-768', pair.privateKey, ciphertext), sharedKey);
}

(async () => {
  for (const signer of signers) await testSigner(...signer);
  for (const name of ['X25519', 'X448']) await testAgreement({ name });
  await testAgreement({ name: 'ECDH', namedCurve: 'P-521' });
  await testConversions();
  await testWorker();
})();
