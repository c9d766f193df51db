// `crypto`: ciphers by known answers, in pieces of every size, as streams, and what they refuse.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');

const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const text = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

// FIPS 197, appendix C.
for (const [size, expected] of [
  [16, '69c4e0d86a7b0430d8cdb78070b4c55a'], [24, 'dda97ca4864cdfe06eaf70a0ec0d7191'],
  [32, '8ea2b7ca516745bfeafc49904b496089'],
]) {
  const cipher = crypto.createCipheriv(`aes-${8 * size}-ecb`, key.subarray(0, size), null).setAutoPadding(false);
  assert.strictEqual(cipher.update(text, undefined, 'hex') + cipher.final('hex'), expected);
}

// AES-GCM, NIST's test case 4.
{
  const gcmKey = Buffer.from('feffe9928665731c6d6a8f9467308308', 'hex');
  const iv = Buffer.from('cafebabefacedbaddecaf888', 'hex');
  const aad = Buffer.from('feedfacedeadbeeffeedfacedeadbeefabaddad2', 'hex');
  const plain = Buffer.from('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2' +
    '449a6b525b16aedf5aa0de657ba637b39', 'hex');
  const cipher = crypto.createCipheriv('aes-128-gcm', gcmKey, iv);
  cipher.setAAD(aad);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  assert.strictEqual(encrypted.toString('hex').slice(0, 32), '42831ec2217774244b7221b784d0d49c');
  assert.strictEqual(cipher.getAuthTag().toString('hex'), '5bc94fbc3221a5db94fae95ae7121a47');
  const decipher = crypto.createDecipheriv('aes-128-gcm', gcmKey, iv);
  decipher.setAAD(aad).setAuthTag(cipher.getAuthTag());
  assert.deepStrictEqual(Buffer.concat([decipher.update(encrypted), decipher.final()]), plain);
  encrypted[0] ^= 1;
  const forged = crypto.createDecipheriv('aes-128-gcm', gcmKey, iv);
  forged.setAAD(aad).setAuthTag(cipher.getAuthTag());
  forged.update(encrypted);
  assert.throws(() => forged.final(), { message: 'Unsupported state or unable to authenticate data' });
}

// Every mode gives back what it was given, whatever the pieces.
const long = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) & 0xff));
const modes = [
  ['aes-256-cbc', 32, 16], ['aes-256-ctr', 32, 16], ['aes-192-cfb', 24, 16], ['aes-128-ofb', 16, 16],
  ['aes-256-ecb', 32, 0], ['camellia-256-cbc', 32, 16], ['des-ede3-cbc', 24, 8], ['chacha20', 32, 16],
  ['aes-256-gcm', 32, 12], ['chacha20-poly1305', 32, 12], ['aes-256-ocb', 32, 12, { authTagLength: 16 }],
];
function inPieces(cipher, bytes, size) {
  const output = [];
  for (let i = 0; i < bytes.length; i += size) output.push(cipher.update(bytes.subarray(i, i + size)));
  output.push(cipher.final());
  return Buffer.concat(output);
}
for (const [name, keySize, ivSize, options] of modes) {
  const secret = key.subarray(0, keySize);
  const iv = ivSize === 0 ? null : Buffer.alloc(ivSize, 3);
  let expected;
  for (const length of [0, 1, 15, 16, 17, 32, 5000]) {
    for (const size of [1, 3, 16, 33, 5000]) {
      const cipher = crypto.createCipheriv(name, secret, iv, options);
      const encrypted = inPieces(cipher, long.subarray(0, length), size);
      if (size === 1) expected = encrypted;
      assert.deepStrictEqual(encrypted, expected, `${name} ${length} in ${size}`);
      const decipher = crypto.createDecipheriv(name, secret, iv, options);
      if (/gcm|ocb|poly/.test(name)) decipher.setAuthTag(cipher.getAuthTag());
      assert.deepStrictEqual(inPieces(decipher, encrypted, size), long.subarray(0, length), `${name} ${length}`);
    }
  }
}

// CCM wants to know the lengths; a forgery gives no text.
{
  const nonce = Buffer.alloc(12, 1);
  const options = { authTagLength: 8 };
  const cipher = crypto.createCipheriv('aes-128-ccm', key.subarray(0, 16), nonce, options);
  cipher.setAAD(Buffer.from('head'), { plaintextLength: text.length });
  const encrypted = Buffer.concat([cipher.update(text), cipher.final()]);
  const tag = cipher.getAuthTag();
  assert.strictEqual(tag.length, 8);
  for (const isForged of [false, true]) {
    const decipher = crypto.createDecipheriv('aes-128-ccm', key.subarray(0, 16), nonce, options);
    if (isForged) tag[0] ^= 1;
    decipher.setAuthTag(tag).setAAD(Buffer.from('head'), { plaintextLength: text.length });
    const output = decipher.update(encrypted);
    if (isForged) assert.throws(() => decipher.final(), /unable to authenticate/);
    else assert.deepStrictEqual(Buffer.concat([output, decipher.final()]), text);
  }
  assert.throws(() => crypto.createCipheriv('aes-128-ccm', key.subarray(0, 16), nonce),
    { code: 'ERR_CRYPTO_INVALID_AUTH_TAG', message: 'authTagLength required for aes-128-ccm' });
}

// RFC 3394, 4.1.
{
  const iv = Buffer.alloc(8, 0xa6);
  const cipher = crypto.createCipheriv('aes128-wrap', key.subarray(0, 16), iv);
  assert.strictEqual(cipher.update(text, undefined, 'hex'), '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5');
}

// What is refused.
const sixteen = Buffer.alloc(16);
assert.throws(() => crypto.createCipheriv('none', sixteen, sixteen), { code: 'ERR_CRYPTO_UNKNOWN_CIPHER' });
assert.throws(() => crypto.createCipheriv('aes-128-cbc', Buffer.alloc(15), sixteen),
  { code: 'ERR_CRYPTO_INVALID_KEYLEN', name: 'RangeError' });
assert.throws(() => crypto.createCipheriv('aes-128-cbc', sixteen, Buffer.alloc(15)),
  { code: 'ERR_CRYPTO_INVALID_IV', name: 'TypeError' });
assert.throws(() => crypto.createCipheriv('aes-128-cbc', sixteen, null), { code: 'ERR_CRYPTO_INVALID_IV' });
assert.throws(() => crypto.createCipheriv('aes-128-cbc', sixteen, 1), { code: 'ERR_INVALID_ARG_TYPE' });
{
  const decipher = crypto.createDecipheriv('aes-128-cbc', sixteen, sixteen);
  decipher.update(sixteen);
  assert.throws(() => decipher.final(), {
    code: 'ERR_OSSL_BAD_DECRYPT', library: 'Provider routines', reason: 'bad decrypt',
    message: 'error:1C800064:Provider routines::bad decrypt',
  });
  assert.throws(() => decipher.final(), { code: 'ERR_CRYPTO_INVALID_STATE' });
  assert.throws(() => decipher.update('a'), { message: 'Trying to add data in unsupported state' });
  assert.throws(() => decipher.setAutoPadding(), { code: 'ERR_CRYPTO_INVALID_STATE' });
}
{
  const cipher = crypto.createCipheriv('aes-128-cbc', sixteen, sixteen);
  cipher.update('a', 'utf8', 'hex');
  assert.throws(() => cipher.final('base64'), { code: 'ERR_INVALID_ARG_VALUE' });
}

assert.ok(crypto.getCiphers().includes('aes-256-gcm'));
assert.deepStrictEqual({ ...crypto.getCipherInfo('aes-128-cbc') },
  { mode: 'cbc', name: 'aes-128-cbc', nid: 419, keyLength: 16, blockSize: 16, ivLength: 16 });
assert.strictEqual(crypto.getCipherInfo('aes-128-cbc', { ivLength: 12 }), undefined);
assert.strictEqual(crypto.getCipherInfo('aes-128-cbc', { ivLength: 0 }), undefined);
assert.strictEqual(crypto.getCipherInfo('none'), undefined);

// What OpenSSL knows and no longer has says so.
const unsupported = { code: 'ERR_OSSL_EVP_UNSUPPORTED', message: /^error:0308010C:/ };
assert.throws(() => crypto.createCipheriv('des-cbc', Buffer.alloc(8), Buffer.alloc(8)), unsupported);
assert.throws(() => crypto.createHash('md4'), unsupported);
assert.throws(() => crypto.hash('md4', ''), unsupported);

// A synthetic vector is as long as a block, a key is wrapped as a whole.
assert.throws(() => crypto.createCipheriv('aes-128-gcm-siv', sixteen, Buffer.alloc(12), { authTagLength: 12 }),
              { code: 'ERR_CRYPTO_INVALID_AUTH_TAG' });
assert.throws(() => crypto.createCipheriv('aes-128-gcm-siv', sixteen, Buffer.alloc(13)), { code: 'ERR_CRYPTO_INVALID_IV' });
{
  const wrapping = crypto.createCipheriv('aes128-wrap', sixteen, Buffer.alloc(8, 0xa6));
  wrapping.update(sixteen);
  assert.throws(() => wrapping.update(sixteen), /unsupported state/);
}

async function streams() {
  const cipher = crypto.createCipheriv('aes-256-cbc', key, sixteen);
  const decipher = crypto.createDecipheriv('aes-256-cbc', key, sixteen);
  const output = [];
  await pipeline(Readable.from([long, 'and ', 'text']), cipher, decipher, async (source) => {
    for await (const chunk of source) output.push(chunk);
  });
  assert.deepStrictEqual(Buffer.concat(output), Buffer.concat([long, Buffer.from('and text')]));
  const broken = crypto.createDecipheriv('aes-256-cbc', key, sixteen);
  await assert.rejects(pipeline(Readable.from([Buffer.alloc(17)]), broken, async (source) => {
    for await (const chunk of source) assert.ok(chunk);
  }), { code: 'ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH' });
}

streams().then(() => console.log('ok'));
