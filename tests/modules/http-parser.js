// The parser of `_http_common`: what it makes of thousands of messages, whole and in pieces, is what was recorded from
// real Node. `fixtures/programs/http_parser.js show 17` tells all about message 17.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { explain, lines } = require('../../fixtures/programs/http_parser.js');

const golden = path.join(__dirname, '../../fixtures/golden/http_parser.txt');
const expected = fs.readFileSync(golden, 'latin1').trimEnd().split('\n');
const actual = [...lines()];
assert.strictEqual(actual.length, expected.length);
let number = 0;
for (let i = 0; i < actual.length; i++) {
  if (actual[i] !== expected[i]) {
    assert.fail(`message ${number}: expected ${expected[i]}, got ${actual[i]}\n${explain(number)}`);
  }
  if (!expected[i].startsWith('#')) number++;
}
assert.ok(number >= 20_000);
