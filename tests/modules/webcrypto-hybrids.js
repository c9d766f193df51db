// Web Crypto: hybrids of ML-KEM and an exchange in a group, their keys in every format, and secrets wrapped for them.
'use strict';

const assert = require('node:assert');
const { KeyObject, hash, webcrypto } = require('node:crypto');

const { subtle } = webcrypto;

process.removeAllListeners('warning');
process.on('warning', () => {});

/** By name: hashes of the public keys that a seed of noughts makes, their sizes, those of ciphertexts. */
const kinds = {
  'MLKEM768-P256': ['2627712d7aa5b010d292dfaef982ff9dd66ccdadb35804780b9d891c7fe29526', 1249, 1153],
  'MLKEM768-X25519': ['3bb0b003f553f49f38bab31546b7f4fdd323c74cbf4aaf97d9703ede4e83eff7', 1216, 1120],
  'MLKEM1024-P384': ['9275d0f9dfe19bd24a15364a9e010baf1ec4b78211c03263c3d6a94025de98f8', 1665, 1665],
};

const privateUsages = ['decapsulateBits', 'decapsulateKey'];
const publicUsages = ['encapsulateBits', 'encapsulateKey'];

async function check(name, [digest, publicSize, ciphertextSize]) {
  const seed = new Uint8Array(32);
  const known = await subtle.importKey('raw-seed', seed, name, true, privateUsages);
  const knownPublic = await subtle.getPublicKey(known, ['encapsulateBits']);
  const bytes = await subtle.exportKey('raw-public', knownPublic);
  assert.strictEqual(bytes.byteLength, publicSize);
  assert.strictEqual(hash('sha256', new Uint8Array(bytes)), digest);

  const { publicKey, privateKey } = await subtle.generateKey(name, true, [...publicUsages, ...privateUsages]);
  const { sharedKey, ciphertext } = await subtle.encapsulateBits({ name }, publicKey);
  assert.strictEqual(sharedKey.byteLength, 32);
  assert.strictEqual(ciphertext.byteLength, ciphertextSize);

  // Keys that have been away do the same.
  const copies = [structuredClone(privateKey)];
  for (const format of ['raw-seed', 'jwk']) {
    const exported = await subtle.exportKey(format, privateKey);
    copies.push(await subtle.importKey(format, exported, name, false, privateUsages));
  }
  for (const copy of copies) {
    assert.deepStrictEqual(await subtle.decapsulateBits({ name }, copy, ciphertext), sharedKey);
  }
  const jwk = await subtle.exportKey('jwk', publicKey);
  assert.deepStrictEqual(Object.keys(jwk), ['kty', 'alg', 'pub', 'key_ops', 'ext']);
  const again = await subtle.importKey('jwk', jwk, name, true, publicUsages);
  assert.deepStrictEqual(await subtle.exportKey('raw-public', again), await subtle.exportKey('raw-public', publicKey));

  const wrapped = await subtle.encapsulateKey({ name }, publicKey, 'AES-KW', true, ['wrapKey']);
  const unwrapped = await subtle.decapsulateKey({ name }, privateKey, wrapped.ciphertext, 'AES-KW', true, ['wrapKey']);
  assert.deepStrictEqual(
    await subtle.exportKey('raw', unwrapped), await subtle.exportKey('raw', wrapped.sharedKey));

  // For somebody else it is another secret, or none.
  const other = await subtle.decapsulateBits({ name }, known, ciphertext);
  assert.notDeepStrictEqual(other, sharedKey);
  await assert.rejects(subtle.decapsulateBits({ name }, known, ciphertext.slice(1)), { name: 'OperationError' });
  await assert.rejects(subtle.importKey('raw-seed', seed.subarray(1), name, true, privateUsages), { name: 'DataError' });
  await assert.rejects(subtle.importKey('raw-public', bytes.slice(1), name, true, publicUsages), { name: 'DataError' });
  await assert.rejects(subtle.exportKey('pkcs8', privateKey), { name: 'NotSupportedError' });
  assert.throws(() => KeyObject.from(privateKey), { code: 'ERR_INVALID_ARG_VALUE' });
}

(async () => {
  for (const [name, facts] of Object.entries(kinds)) await check(name, facts);
  console.log('ok');
})();
