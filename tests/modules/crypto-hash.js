// `crypto`: hashes and keyed hashes by known answers, by every way of feeding them, and what they refuse.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');

const abc = {
  'md5': '900150983cd24fb0d6963f7d28e17f72',
  'sha1': 'a9993e364706816aba3e25717850c26c9cd0d89d',
  'sha256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'SHA-256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'RSA-SHA256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'sha512-224': '4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa',
  'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  'ripemd160': '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
};

for (const [name, expected] of Object.entries(abc)) {
  assert.strictEqual(crypto.hash(name, 'abc'), expected);
  assert.strictEqual(crypto.hash(name, Buffer.from('abc')), expected);
  assert.strictEqual(crypto.createHash(name).update('abc').digest('hex'), expected);
  assert.strictEqual(crypto.createHash(name).update(Buffer.from('abc')).digest('hex'), expected);
  assert.strictEqual(crypto.createHash(name).update('a').update('b').update('c').digest().toString('hex'), expected);
  assert.strictEqual(crypto.createHash(name).update('616263', 'hex').digest('hex'), expected);
}

// Text of every width, on the stack and beyond, whole and in parts that lie in ropes.
for (const text of ['', 'a', '\u00e4', '\u20ac', '\ud83d\ude00', '\ud800', 'x'.repeat(1000), '\u00fc'.repeat(5000),
  '\u3042'.repeat(70_000)]) {
  const bytes = Buffer.from(text);
  const expected = crypto.createHash('sha256').update(bytes).digest('base64');
  assert.strictEqual(crypto.hash('sha256', text, 'base64'), expected);
  assert.strictEqual(crypto.createHash('sha256').update(text).digest('base64'), expected);
  const half = text.length >> 1;
  assert.strictEqual(crypto.hash('sha256', text.slice(0, half) + text.slice(half), 'base64'), text.length < 2 ? expected :
    crypto.createHash('sha256').update(Buffer.from(text.slice(0, half) + text.slice(half))).digest('base64'));
  const hmac = crypto.createHmac('sha256', 'key').update(bytes).digest('base64url');
  assert.strictEqual(crypto.createHmac('sha256', 'key').update(text).digest('base64url'), hmac);
  assert.strictEqual(crypto.createHmac('sha256', Buffer.from('key')).update(text).digest('base64url'), hmac);
  assert.strictEqual(crypto.createHmac('sha256', crypto.createSecretKey('key', 'utf8')).update(text).digest('base64url'),
    hmac);
}

// RFC 4231, case 2.
assert.strictEqual(
  crypto.createHmac('sha256', 'Jefe').update('what do ya want for nothing?').digest('hex'),
  '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
);

// Many at a time: what one hash has does not get into another.
const many = Array.from({ length: 100 }, (_, i) => crypto.createHash(i % 2 ? 'sha1' : 'md5').update(`${i}`));
many.forEach((hash, i) => hash.update(Buffer.from(`-${i}`)));
many.forEach((hash, i) => {
  assert.strictEqual(hash.digest('hex'), crypto.hash(i % 2 ? 'sha1' : 'md5', `${i}-${i}`));
});

// A buffer that changes after it was given.
{
  const bytes = Buffer.from('abc');
  const hash = crypto.createHash('sha1').update(bytes);
  bytes.fill(0);
  assert.strictEqual(hash.digest('hex'), abc.sha1);
  const key = Buffer.from('Jefe');
  const hmac = crypto.createHmac('md5', key);
  key.fill(0);
  assert.strictEqual(
    hmac.update('what do ya want for nothing?').digest('hex'), '750c783e6ab0b503eaa86e310a5db738',
  );
}

// Copies go their own way.
{
  const base = crypto.createHash('sha1').update('a');
  const copy = base.copy().update('bc');
  assert.strictEqual(base.update('-').digest('hex'), crypto.hash('sha1', 'a-'));
  assert.strictEqual(copy.digest('hex'), abc.sha1);
  assert.throws(() => base.copy(), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
}

// Functions of any length.
assert.strictEqual(crypto.hash('shake128', '', { outputLength: 5 }), '7f9c2ba4e8');
assert.strictEqual(crypto.createHash('shake256', { outputLength: 0 }).digest('hex'), '');
assert.strictEqual(crypto.createHash('shake256', { outputLength: 100_000 }).update('a').digest().length, 100_000);
assert.throws(() => crypto.createHash('sha1', { outputLength: 5 }),
  { code: 'ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH', library: 'digital envelope routines' });

// What is refused.
assert.throws(() => crypto.createHash('none'), { message: 'Digest method not supported' });
assert.throws(() => crypto.createHash(), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => crypto.hash('none', ''), { message: 'Digest method none is not supported' });
assert.throws(() => crypto.hash('sha1', 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => crypto.hash('sha1', '', 'none'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => crypto.createHmac('none', 'key'), { code: 'ERR_CRYPTO_INVALID_DIGEST', name: 'TypeError' });
assert.throws(() => crypto.createHmac('sha1', 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => crypto.createHash('sha1').update('abc', 'hex'), { code: 'ERR_INVALID_ARG_VALUE' });
{
  const hash = crypto.createHash('sha1');
  hash.digest();
  assert.throws(() => hash.digest(), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
  assert.throws(() => hash.update('a'), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
}

async function streams() {
  const hash = crypto.createHash('sha256');
  await pipeline(Readable.from(['a', Buffer.from('b'), 'c']), hash);
  assert.strictEqual(hash.digest('hex'), abc.sha256);
  const output = [];
  const hmac = crypto.createHmac('sha1', 'key', { encoding: 'utf8' });
  hmac.setEncoding('hex');
  await pipeline(Readable.from(['a', 'bc']), hmac, async (source) => {
    for await (const chunk of source) output.push(chunk);
  });
  assert.deepStrictEqual(output, [crypto.createHmac('sha1', 'key').update('abc').digest('hex')]);
}

streams().then(() => console.log('ok'));
