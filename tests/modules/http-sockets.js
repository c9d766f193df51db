// Odd and broken messages over real connections: what servers and clients make of them, the answers and the errors with
// `code`, `bytesParsed` and `rawPacket` are those that were recorded from real Node.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { verdicts } = require('../../fixtures/programs/http_sockets.js');

const golden = path.join(__dirname, '../../fixtures/golden/http_sockets.jsonl');
const expected = fs.readFileSync(golden, 'utf8').trimEnd().split('\n');

(async () => {
  let count = 0;
  for await (const line of verdicts()) assert.deepStrictEqual(JSON.parse(line), JSON.parse(expected[count++]));
  assert.strictEqual(count, expected.length);
})();
