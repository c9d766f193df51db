// `Buffer`: text to bytes and back in every encoding, short and long, and what of it is lenient.
'use strict';

const assert = require('node:assert');
const { transcode, isUtf8, isAscii } = require('node:buffer');

const hex = (text, encoding) => Buffer.from(text, encoding).toString('hex');

// Short and long texts go through different code, so that each check is made at several lengths.
const lengths = [1, 7, 16, 17, 24, 25, 40, 100, 5000];
const roundTrips = {
  utf8: ['a', 'é', '€', '😀', 'aé€😀'],
  utf16le: ['a', 'é', '€', '😀', '\ud800'],
  latin1: ['a', 'é', '\0', '\xff'],
  ascii: ['a', '\0', '\x7f'],
  hex: ['00', '7f', 'ff'],
  base64url: ['AAAA', '-_-_'],
  base64: ['AAAA', '+/+/'],
};
for (const [encoding, units] of Object.entries(roundTrips)) {
  for (const unit of units) {
    for (const length of lengths) {
      const text = unit.repeat(length);
      const buffer = Buffer.from(text, encoding);
      assert.strictEqual(buffer.toString(encoding), text, `${encoding} ${length}`);
      assert.strictEqual(Buffer.byteLength(text, encoding), buffer.length);
      const target = Buffer.alloc(buffer.length + 4, 0x2e);
      assert.strictEqual(target.write(text, 2, encoding), buffer.length);
      assert.ok(target.subarray(2, -2).equals(buffer));
      assert.strictEqual(target.toString('latin1', 0, 2), '..');
      assert.strictEqual(target.toString('latin1', buffer.length + 2), '..');
    }
  }
}

// UTF-8: unpaired surrogates, invalid bytes, whole characters only.
assert.strictEqual(hex('a\ud800b'), '61efbfbd62');
assert.strictEqual(hex('\udc00'.repeat(30)), 'efbfbd'.repeat(30));
assert.strictEqual(Buffer.from([0x61, 0xe2, 0x82, 0x62, 0xff]).toString(), 'a\ufffdb\ufffd');
for (const filler of ['', 'x'.repeat(50)]) {
  const room = Buffer.alloc(filler.length + 2);
  assert.strictEqual(room.write(`${filler}€`), filler.length);
  assert.strictEqual(room.write(`${filler}éé`), filler.length + 2);
}

// UTF-16: an odd last byte is left out; half a character is not written.
assert.strictEqual(Buffer.from('610062', 'hex').toString('ucs2'), 'a');
assert.strictEqual(Buffer.alloc(3).write('ab', 'utf16le'), 2);

// Latin-1 and ASCII take the low byte, ASCII ignores the high bit when it is read.
assert.strictEqual(hex('\u0141\u20ac', 'latin1'), '41ac');
assert.strictEqual(Buffer.from([0xe1, 0x61]).toString('ascii'), 'aa');
assert.strictEqual(Buffer.alloc(30, 0xe1).toString('ascii'), 'a'.repeat(30));

// Hexadecimal ends at the first pair that is none.
assert.strictEqual(hex('0aFGff', 'hex'), '0a');
assert.strictEqual(hex('abc', 'hex'), 'ab');
assert.strictEqual(hex(`${'00'.repeat(40)}zz`, 'hex'), '00'.repeat(40));

// Base64 takes both alphabets, skips what it does not know, and ends at padding.
for (const text of ['YWJj', 'YW Jj', 'Y*W*J*j', 'YWJj=YWJj', 'é€YWJj']) {
  assert.strictEqual(Buffer.from(text, 'base64').toString(), 'abc', text);
}
assert.strictEqual(Buffer.from(`${'YWJj\n'.repeat(30)}YQ==`, 'base64url').toString(), `${'abc'.repeat(30)}a`);
assert.strictEqual(hex('-_+/', 'base64'), 'fbffbf');
assert.strictEqual(Buffer.from([0xff, 0xfe, 0xfd, 0xfc]).toString('base64'), '//79/A==');
assert.strictEqual(Buffer.from([0xff, 0xfe, 0xfd, 0xfc]).toString('base64url'), '__79_A');
assert.strictEqual(Buffer.byteLength('YWI=', 'base64'), 2);

// Ranges and encodings of toString and write.
const abc = Buffer.from('abcdef');
assert.strictEqual(abc.toString('utf8', 1, 3), 'bc');
assert.strictEqual(abc.toString('utf8', -1, 99), 'abcdef');
assert.strictEqual(abc.toString(undefined, 4), 'ef');
assert.strictEqual(abc.toString('HEX', 0, 1), '61');
assert.strictEqual(abc.toLocaleString('latin1'), 'abcdef');
assert.throws(() => abc.toString('nope'), { code: 'ERR_UNKNOWN_ENCODING' });
assert.throws(() => abc.toString(null), { message: 'Unknown encoding: null' });
assert.throws(() => abc.write('a', 7), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => abc.write('a', 0, 7), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => abc.write(5), { code: 'ERR_INVALID_ARG_TYPE', message: 'argument must be a string' });
assert.strictEqual(abc.utf8Slice(1, 3), 'bc');
assert.throws(() => abc.utf8Slice(0, 7), { code: 'ERR_OUT_OF_RANGE', message: 'Index out of range' });
assert.strictEqual(Buffer.alloc(4).hexWrite('0102', 1), 2);
assert.throws(() => abc.latin1Write('a', 7), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
assert.throws(() => Buffer.prototype.asciiSlice.call([]), { message: 'argument must be a buffer' });

// Large texts, which V8 keeps outside its heap.
{
  const large = Buffer.alloc(2 << 20, 'abc');
  for (const encoding of ['latin1', 'utf8', 'ascii', 'utf16le', 'hex', 'base64']) {
    assert.ok(Buffer.from(large.toString(encoding), encoding).equals(large), encoding);
  }
}

// The functions beside Buffer.
assert.strictEqual(transcode(Buffer.from('a€é'), 'utf8', 'latin1').toString('latin1'), 'a?é');
assert.strictEqual(transcode(Buffer.from('é€'), 'utf8', 'ascii').toString(), '??');
assert.strictEqual(transcode(Buffer.from('€'), 'utf8', 'ucs2').toString('hex'), 'ac20');
assert.throws(() => transcode(Buffer.from([0xff]), 'utf8', 'ucs2'), {
  code: 'U_INVALID_CHAR_FOUND', errno: 10, message: 'Unable to transcode Buffer [U_INVALID_CHAR_FOUND]',
});
assert.throws(() => transcode(Buffer.from('a'), 'utf8', 'hex'), { code: 'U_ILLEGAL_ARGUMENT_ERROR' });
assert.ok(isUtf8(Buffer.from('é')) && !isUtf8(new Uint8Array([0xc3])));
assert.ok(isAscii(new ArrayBuffer(2)) && !isAscii(new Uint8Array([128])));
assert.throws(() => isUtf8('a'), { code: 'ERR_INVALID_ARG_TYPE' });

assert.strictEqual(btoa('\xe9\0a'), '6QBh');
assert.strictEqual(atob(' 6QBh\n'), '\xe9\0a');
assert.strictEqual(atob('YQ'), 'a');
for (const text of ['a', 'a===', 'YQ=', '-_', 'é', '€']) {
  assert.throws(() => atob(text), { name: 'InvalidCharacterError', code: 5 }, text);
}
assert.throws(() => btoa('€'), { name: 'InvalidCharacterError', message: 'Invalid character' });
assert.throws(() => atob(), { code: 'ERR_MISSING_ARGS' });
