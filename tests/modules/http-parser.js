// The parser of `_http_common`: the verdicts of `fixtures/programs/http_parser.js` are those that were recorded
// from real Node, and a message is the same however it is cut.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { verdicts } = require('../../fixtures/programs/http_parser.js');

const golden = path.join(__dirname, '../../fixtures/golden/http_parser.jsonl');
const expected = fs.readFileSync(golden, 'utf8').trimEnd().split('\n');
const actual = [...verdicts()];
assert.strictEqual(actual.length, expected.length);
for (let i = 0; i < actual.length; i++) assert.deepStrictEqual(JSON.parse(actual[i]), JSON.parse(expected[i]));
