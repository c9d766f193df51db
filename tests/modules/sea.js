// `node:sea`: what it says to a program that is in no single executable.
'use strict';

const assert = require('node:assert');
const sea = require('node:sea');

assert.deepStrictEqual(Object.keys(sea), ['isSea', 'getAsset', 'getRawAsset', 'getAssetAsBlob', 'getAssetKeys']);
assert.strictEqual(sea.isSea(), false);
const refused = { name: 'Error', code: 'ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION' };
for (const name of ['getAsset', 'getRawAsset', 'getAssetAsBlob', 'getAssetKeys']) {
  assert.throws(() => sea[name]('a'), refused, name);
}
assert.throws(() => sea.getAsset('a', 5), { code: 'ERR_INVALID_ARG_TYPE', message: /"encoding"/ });
assert.throws(() => sea.getRawAsset(5), { code: 'ERR_INVALID_ARG_TYPE', message: /"key"/ });
assert.throws(() => require('sea'), { code: 'MODULE_NOT_FOUND' });
