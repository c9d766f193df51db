// Web Crypto: secret keys in every form, what they do, and what is refused.
import assert from 'node:assert';
import crypto, { KeyObject } from 'node:crypto';

const { subtle } = globalThis.crypto;
assert.strictEqual(crypto.webcrypto, globalThis.crypto);
const hex = (buffer) => Buffer.from(buffer).toString('hex');
const bytes = (size, value = 1) => new Uint8Array(size).fill(value);

assert.strictEqual(hex(await subtle.digest('sha-256', Buffer.from('abc'))), crypto.hash('sha256', 'abc'));

// Each algorithm: a new key, out and in again, and there and back.
const ciphers = [
  [{ name: 'AES-CBC', length: 256 }, { name: 'AES-CBC', iv: bytes(16) }],
  [{ name: 'AES-CTR', length: 128 }, { name: 'AES-CTR', counter: bytes(16, 0xff), length: 32 }],
  [{ name: 'AES-GCM', length: 192 }, { name: 'AES-GCM', iv: bytes(12), additionalData: bytes(3), tagLength: 96 }],
];
for (const [algorithm, params] of ciphers) {
  const key = await subtle.generateKey(algorithm, true, ['decrypt', 'encrypt']);
  assert.deepStrictEqual(key.usages, ['encrypt', 'decrypt']);
  assert.deepStrictEqual(key.algorithm, algorithm);
  for (const size of [0, 1, 16, 1000]) {
    const encrypted = await subtle.encrypt(params, key, bytes(size, 7));
    const jwk = await subtle.exportKey('jwk', key);
    assert.strictEqual(jwk.kty, 'oct');
    const again = await subtle.importKey('jwk', jwk, algorithm, false, ['decrypt']);
    assert.strictEqual(hex(await subtle.decrypt(params, again, encrypted)), hex(bytes(size, 7)));
    await assert.rejects(subtle.exportKey('raw', again), { name: 'InvalidAccessError', message: 'key is not extractable' });
    await assert.rejects(subtle.encrypt(params, again, bytes(1)), { name: 'InvalidAccessError' });
  }
}

// A counter that begins again at nought within its bits.
{
  const secret = bytes(16, 9);
  const key = await subtle.importKey('raw', secret, 'AES-CTR', true, ['encrypt']);
  const counter = bytes(16, 0xff);
  const encrypted = Buffer.from(await subtle.encrypt({ name: 'AES-CTR', counter, length: 8 }, key, new Uint8Array(64)));
  const block = (last) => {
    const cipher = crypto.createCipheriv('aes-128-ecb', secret, null).setAutoPadding(false);
    const input = Buffer.from(counter);
    input[15] = last;
    return cipher.update(input);
  };
  assert.deepStrictEqual(encrypted, Buffer.concat([block(255), block(0), block(1), block(2)]));
  const params = { name: 'AES-CTR', counter, length: 1 };
  await assert.rejects(subtle.encrypt(params, key, new Uint8Array(33)), { name: 'OperationError' });
}

// HMAC as `createHmac` has it.
{
  const key = await subtle.importKey('raw', Buffer.from('key'), { name: 'HMAC', hash: 'SHA-512' }, true, ['sign', 'verify']);
  const signature = await subtle.sign('HMAC', key, Buffer.from('text'));
  assert.strictEqual(hex(signature), crypto.createHmac('sha512', 'key').update('text').digest('hex'));
  assert.strictEqual(await subtle.verify('HMAC', key, signature, Buffer.from('text')), true);
  assert.strictEqual(await subtle.verify('HMAC', key, signature, Buffer.from('texT')), false);
  assert.strictEqual(await subtle.verify('HMAC', key, bytes(3), Buffer.from('text')), false);
  assert.strictEqual(KeyObject.from(key).export().toString(), 'key');
  assert.strictEqual(hex(await subtle.sign('HMAC', structuredClone(key), Buffer.from('text'))), hex(signature));
}

// Derivation, wrapping.
{
  const base = await subtle.importKey('raw', Buffer.from('password'), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  const params = { name: 'PBKDF2', hash: 'SHA-1', salt: Buffer.from('salt'), iterations: 4096 };
  assert.strictEqual(hex(await subtle.deriveBits(params, base, 160)), '4b007901b765489abead49d926f721d065a429c1');
  const key = await subtle.deriveKey(params, base, { name: 'AES-KW', length: 128 }, false, ['wrapKey', 'unwrapKey']);
  const inner = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
  for (const format of ['raw', 'jwk']) {
    const wrapped = await subtle.wrapKey(format, inner, key, 'AES-KW');
    const unwrapped = await subtle.unwrapKey(
      format, wrapped, key, 'AES-KW', { name: 'HMAC', hash: 'SHA-256' }, true, ['sign'],
    );
    assert.deepStrictEqual(await subtle.exportKey('jwk', unwrapped), await subtle.exportKey('jwk', inner));
  }
  await assert.rejects(subtle.deriveBits({ ...params, iterations: 0 }, base, 160), { name: 'OperationError' });
  await assert.rejects(subtle.deriveBits({ ...params, hash: 'none' }, base, 160), { name: 'NotSupportedError' });
  await assert.rejects(subtle.deriveBits(params, base, 7), { name: 'OperationError' });
}

// What is refused.
const refusals = [
  [() => subtle.digest('none', bytes(1)), 'NotSupportedError'],
  [() => subtle.digest('SHA-1', 'text'), 'TypeError'],
  [() => subtle.digest('SHA-1'), 'TypeError'],
  [() => subtle.generateKey({ name: 'AES-CBC', length: 100 }, true, ['encrypt']), 'OperationError'],
  [() => subtle.generateKey({ name: 'AES-CBC', length: 128 }, true, []), 'SyntaxError'],
  [() => subtle.generateKey({ name: 'AES-CBC', length: 128 }, true, ['sign']), 'SyntaxError'],
  [() => subtle.importKey('raw', bytes(15), 'AES-CBC', true, ['encrypt']), 'DataError'],
  [() => subtle.importKey('spki', bytes(16), 'AES-CBC', true, ['encrypt']), 'NotSupportedError'],
  [() => subtle.importKey('jwk', { kty: 'RSA' }, 'AES-CBC', true, ['encrypt']), 'DataError'],
  [() => subtle.importKey('raw', bytes(15), 'HKDF', true, ['deriveBits']), 'SyntaxError'],
  [() => subtle.encrypt({ name: 'AES-CBC', iv: bytes(16) }, {}, bytes(1)), 'TypeError'],
];
for (const [run, name] of refusals) await assert.rejects(run, { name }, String(run));
assert.throws(() => new CryptoKey(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
assert.throws(() => globalThis.crypto.getRandomValues(new Float32Array(1)), { name: 'TypeMismatchError' });
assert.throws(() => globalThis.crypto.getRandomValues(new Uint8Array(65537)), { name: 'QuotaExceededError' });
assert.ok(globalThis.crypto.getRandomValues(new Uint32Array(8)).some((number) => number !== 0));

assert.strictEqual(SubtleCrypto.supports('encrypt', { name: 'AES-CBC', iv: bytes(16) }), true);
assert.strictEqual(SubtleCrypto.supports('encrypt', 'AES-CBC'), false);
assert.strictEqual(SubtleCrypto.supports('digest', 'SHA-1'), true);

console.log('ok');
