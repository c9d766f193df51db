// `punycode`: RFC 3492, domains and code points; and the other modules that live on under former names.
'use strict';

const assert = require('node:assert');

const codes = [];
process.on('warning', ({ code }) => codes.push(code));
process.on('exit', () => assert.deepStrictEqual(codes, ['DEP0040', 'DEP0025']));

const punycode = require('punycode');

assert.deepStrictEqual(Object.keys(punycode), ['version', 'ucs2', 'decode', 'encode', 'toASCII', 'toUnicode']);
for (const [decoded, encoded] of [
  ['ü', 'tda'],
  ['mañana', 'maana-pta'],
  ['☃-⌘', '--dqo34k'],
  ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
  ['3年B組金八先生', '3B-ww4c5e180e575a65lsy2b'],
  ['-> $1.00 <-', '-> $1.00 <--'],
  ['💩', 'ls8h'],
  ['', ''],
]) {
  assert.strictEqual(punycode.encode(decoded), encoded);
  assert.strictEqual(punycode.decode(encoded), decoded);
}
assert.strictEqual(punycode.toASCII('a@mañana。com'), 'a@xn--maana-pta.com');
assert.strictEqual(punycode.toUnicode('a@xn--maana-pta.com'), 'a@mañana.com');
assert.deepStrictEqual(punycode.ucs2.decode('a💩\ud800'), [0x61, 0x1f4a9, 0xd800]);
assert.strictEqual(punycode.ucs2.encode([0x61, 0x1f4a9]), 'a💩');
assert.throws(() => punycode.decode('a--!'), { name: 'RangeError', message: 'Invalid input' });
assert.throws(() => punycode.decode('é-a'), {
  name: 'RangeError',
  message: 'Illegal input >= 0x80 (not a basic code point)',
});
assert.throws(() => punycode.decode('999999999999'), {
  name: 'RangeError',
  message: 'Overflow: input needs wider integers to process',
});

assert.strictEqual(require('sys'), require('util'));

const constants = require('constants');
const { constants: osConstants } = require('os');
assert.ok(Object.isFrozen(constants));
assert.strictEqual(constants.ENOENT, osConstants.errno.ENOENT);
assert.strictEqual(constants.SIGTERM, osConstants.signals.SIGTERM);
assert.strictEqual(constants.O_CREAT, require('fs').constants.O_CREAT);
