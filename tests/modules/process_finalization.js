// `process.finalization`, active requests, and what old ways to native halves still give.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');

process.removeAllListeners('warning');

const seen = [];
const kept = { name: 'kept' };
const gone = { name: 'gone' };
process.finalization.register(kept, (object, event) => seen.push([object.name, event]));
process.finalization.register(gone, () => seen.push('unregistered'));
process.finalization.unregister(gone);
process.finalization.registerBeforeExit(kept, (object, event) => {
  seen.push([object.name, event]);
  setImmediate(() => {});
});
process.on('exit', () => {
  assert.deepStrictEqual(seen, [['kept', 'beforeExit'], ['kept', 'exit']]);
});
assert.throws(() => process.finalization.register(1, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });

fs.stat('.', () => setImmediate(() => assert.deepStrictEqual(process._getActiveRequests(), [])));
assert.deepStrictEqual(process._getActiveRequests().map((it) => it.constructor.name), ['FSReqCallback']);
assert.deepStrictEqual(process.getActiveResourcesInfo(), ['FSReqCallback']);

assert.throws(() => process.binding('nothing'), { message: 'No such module: nothing' });
assert.strictEqual(process.binding('util').isMap(new Map()), true);
