// `crypto`: keys from passwords, randomness, primes, secret keys; the asynchronous forms do not block.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const { promisify } = require('node:util');

// RFC 6070, RFC 7914, RFC 5869, RFC 9106.
const known = [
  [() => crypto.pbkdf2Sync('password', 'salt', 4096, 20, 'sha1'), '4b007901b765489abead49d926f721d065a429c1'],
  [() => crypto.scryptSync('password', 'NaCl', 32, { N: 1024, r: 8, p: 16 }),
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162'],
  [() => Buffer.from(crypto.hkdfSync('sha256', Buffer.alloc(22, 0x0b), Buffer.from('000102030405060708090a0b0c', 'hex'),
    Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex'), 42)),
  '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'],
  [() => crypto.argon2Sync('argon2id', {
    message: Buffer.alloc(32, 1), nonce: Buffer.alloc(16, 2), secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4), parallelism: 4, tagLength: 32, memory: 32, passes: 3,
  }), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659'],
];
for (const [derive, expected] of known) assert.strictEqual(derive().toString('hex'), expected);

const refused = [
  [() => crypto.pbkdf2Sync('a', 'b', 1, 8, 'none'), 'ERR_CRYPTO_INVALID_DIGEST'],
  [() => crypto.pbkdf2Sync('a', 'b', 0, 8, 'sha1'), 'ERR_OUT_OF_RANGE'],
  [() => crypto.pbkdf2('a', 'b', 1, 8, 'sha1'), 'ERR_INVALID_ARG_TYPE'],
  [() => crypto.scryptSync('a', 'b', 8, { N: 3 }), 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS'],
  [() => crypto.scryptSync('a', 'b', 8, { N: 2 ** 20 }), 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS'],
  [() => crypto.hkdfSync('sha1', 'a', '', '', 20 * 255 + 1), 'ERR_CRYPTO_INVALID_KEYLEN'],
  [() => crypto.hkdfSync('sha1', 'a', '', Buffer.alloc(1025), 8), 'ERR_OUT_OF_RANGE'],
  [() => crypto.argon2Sync('argon2x', {}), 'ERR_INVALID_ARG_VALUE'],
  [() => crypto.randomInt(3, 3), 'ERR_OUT_OF_RANGE'],
  [() => crypto.randomBytes(-1), 'ERR_OUT_OF_RANGE'],
  [() => crypto.randomFillSync(Buffer.alloc(3), 2, 2), 'ERR_OUT_OF_RANGE'],
  [() => crypto.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2)), 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH'],
  [() => crypto.generateKeySync('aes', { length: 100 }), 'ERR_INVALID_ARG_VALUE'],
  [() => crypto.generatePrimeSync(8, { add: 1n << 9n }), 'ERR_OUT_OF_RANGE'],
];
for (const [run, code] of refused) assert.throws(run, { code }, String(run));

// Randomness: lengths, ranges, forms; UUIDs are never the same.
for (const size of [0, 1, 64, 65, 10_000]) assert.strictEqual(crypto.randomBytes(size).length, size);
assert.notDeepStrictEqual(crypto.randomBytes(16), crypto.randomBytes(16));
const counts = new Array(5).fill(0);
for (let i = 0; i < 5000; i++) counts[crypto.randomInt(-2, 3) + 2]++;
assert.ok(counts.every((count) => count > 700 && count < 1300), `${counts}`);
const uuids = new Set();
for (let i = 0; i < 1000; i++) uuids.add(crypto.randomUUID());
assert.strictEqual(uuids.size, 1000);
for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
assert.match(crypto.randomUUIDv7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
{
  const part = crypto.randomFillSync(Buffer.alloc(100), 10, 20);
  assert.ok(part.subarray(0, 10).every((byte) => byte === 0) && part.subarray(30).every((byte) => byte === 0));
}
assert.strictEqual(crypto.timingSafeEqual(Buffer.from('abc'), new Uint8Array([97, 98, 99])), true);
assert.strictEqual(crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abd')), false);

// Primes.
assert.strictEqual(crypto.checkPrimeSync(2n ** 127n - 1n), true);
assert.strictEqual(crypto.checkPrimeSync(2n ** 128n - 1n), false);
assert.strictEqual(crypto.generatePrimeSync(64, { bigint: true, add: 12n, rem: 11n }) % 12n, 11n);
{
  const safe = crypto.generatePrimeSync(32, { bigint: true, safe: true });
  assert.ok(crypto.checkPrimeSync((safe - 1n) / 2n));
}

// Secret keys.
{
  const key = crypto.createSecretKey('secret', 'utf8');
  assert.strictEqual(key.type, 'secret');
  assert.strictEqual(key.symmetricKeySize, 6);
  assert.deepStrictEqual(key.export({ format: 'jwk' }), { kty: 'oct', k: 'c2VjcmV0' });
  assert.ok(key.equals(crypto.createSecretKey(Buffer.from('secret'))));
  assert.ok(!key.equals(crypto.createSecretKey(Buffer.from('secreT'))));
  assert.ok(structuredClone(key).equals(key));
  assert.deepStrictEqual(crypto.KeyObject.from(key.toCryptoKey({ name: 'HMAC', hash: 'SHA-1' }, true, ['sign'])), key);
  const exported = key.export();
  exported.fill(0);
  assert.strictEqual(key.export().toString(), 'secret');
  assert.strictEqual(crypto.generateKeySync('aes', { length: 192 }).symmetricKeySize, 24);
}

async function later() {
  // Timers go on while the pool works, and no callback comes before its call has returned.
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const [a, b, c, d, prime, bytes, key] = await Promise.all([
    promisify(crypto.pbkdf2)('password', 'salt', 200_000, 20, 'sha1'),
    promisify(crypto.scrypt)('password', 'NaCl', 32, { N: 1024, r: 8, p: 16 }),
    promisify(crypto.hkdf)('sha256', 'key', 'salt', 'info', 16),
    promisify(crypto.argon2)('argon2d', { message: '', nonce: 'saltsalt', parallelism: 1, tagLength: 16, memory: 8,
      passes: 1 }),
    promisify(crypto.generatePrime)(64, { bigint: true }),
    promisify(crypto.randomBytes)(100),
    promisify(crypto.generateKey)('hmac', { length: 65 }),
  ]);
  clearInterval(timer);
  assert.ok(ticks > 3, `${ticks} ticks`);
  assert.strictEqual(a.toString('hex'), crypto.pbkdf2Sync('password', 'salt', 200_000, 20, 'sha1').toString('hex'));
  assert.strictEqual(b.toString('hex').slice(0, 8), 'fdbabe1c');
  assert.ok(c instanceof ArrayBuffer && c.byteLength === 16 && d.length === 16);
  assert.ok(await promisify(crypto.checkPrime)(prime));
  assert.ok(bytes.length === 100 && key.symmetricKeySize === 8);
  let hasReturned = false;
  await new Promise((resolve) => {
    crypto.randomInt(5, (error, number) => {
      assert.ok(hasReturned && error === undefined && number < 5);
      resolve();
    });
    hasReturned = true;
  });
}

later().then(() => console.log('ok'));
