// `node:module`: modules that require each other.
'use strict';

const assert = require('node:assert');
const path = require('node:path');

const a = require(path.join(__dirname, '../../fixtures/packages/loader/cycle_a'));
assert.deepStrictEqual(a, {
  early: 1,
  late: { early: 1, missing: undefined, transpiled: undefined, keys: ['early'] },
});
assert.strictEqual(Object.getPrototypeOf(a), Object.prototype);

const warnings = [];
process.on('warning', (warning) => warnings.push(warning.message));
process.on('exit', () => {
  assert.deepStrictEqual(warnings, [
    "Accessing non-existent property 'missing' of module exports inside circular dependency",
  ]);
});
