// `Blob` and `File`: parts, slices, types, reading, showing, errors.
'use strict';

const assert = require('node:assert');
const { Blob, File, resolveObjectURL } = require('node:buffer');
const { inspect } = require('node:util');

assert.strictEqual(globalThis.Blob, Blob);
assert.strictEqual(globalThis.File, File);
assert.strictEqual(String(new Blob()), '[object Blob]');
assert.deepStrictEqual(Object.keys(Blob.prototype), [
  'type', 'size', 'slice', 'arrayBuffer', 'text', 'bytes', 'stream', 'textStream',
]);

// Sizes, types, positions.
assert.strictEqual(new Blob(['aé', 1, null, new Uint16Array(2), new ArrayBuffer(3)]).size, 15);
assert.strictEqual(new Blob(new Set(['ab', 'c'])).size, 3);
assert.strictEqual(new Blob([], { type: 'Text/PLAIN' }).type, 'text/plain');
assert.strictEqual(new Blob([], { type: 'é' }).type, '');
const blob = new Blob(['hello ', new Blob(['wor', 'ld'])], { type: 'a/b' });
assert.strictEqual(blob.slice(-3, -1).size, 2);
assert.strictEqual(blob.slice(2, 99).size, 9);
assert.strictEqual(blob.slice(5, 2).size, 0);
assert.strictEqual(blob.slice(0, 1).type, '');
assert.strictEqual(blob.slice(0, 1, 'C/D').type, 'c/d');

// How they are shown.
assert.strictEqual(inspect(blob), 'Blob { size: 11, type: \'a/b\' }');
assert.strictEqual(inspect(blob, { depth: -1 }), '[Blob]');
const file = new File(['abc'], 'name', { lastModified: 5, type: 'x' });
assert.strictEqual(inspect(file), 'File { size: 3, type: \'x\', name: \'name\', lastModified: 5 }');
assert.strictEqual(file.slice(0, 1).constructor, Blob);
assert.strictEqual(new File([], '\ud800').name, '\ufffd');
assert.strictEqual(new File([], 5, { lastModified: 'x' }).lastModified, 0);
assert.ok(new File([], '').lastModified <= Date.now());

// Errors.
for (const sources of [null, 'text', 5, {}]) {
  assert.throws(() => new Blob(sources), { message: 'Value cannot be converted to sequence.' });
}
assert.throws(() => new Blob([Symbol('s')]), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => new Blob([], 5), {
  message: 'The "options" argument must be a dictionary. Received type number (5)',
});
assert.throws(() => new Blob([], { endings: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => blob.slice(1n), { message: 'start is a BigInt and cannot be converted to a number.' });
assert.throws(() => Blob.prototype.size, { code: 'ERR_INVALID_THIS' });
assert.throws(() => File.prototype.name, { code: 'ERR_INVALID_THIS' });
assert.throws(() => new File(['a']), { code: 'ERR_MISSING_ARGS' });
assert.throws(() => Blob(), TypeError);
assert.strictEqual(resolveObjectURL('blob:nodedata:unknown'), undefined);
assert.strictEqual(resolveObjectURL(5), undefined);

// Reading.
(async () => {
  assert.strictEqual(await blob.text(), 'hello world');
  assert.strictEqual(await blob.slice(4, 8).text(), 'o wo');
  assert.strictEqual(await blob.slice(4).slice(1, -1).text(), ' worl');
  assert.strictEqual(await new Blob(['\ufeffa', new Uint8Array([0xff])]).text(), 'a\ufffd');
  assert.strictEqual(await new Blob(['a\r\nb\rc'], { endings: 'native' }).text(), 'a\nb\nc');

  const source = new Uint8Array([1, 2, 3]);
  const copy = new Blob([source.subarray(1)]);
  source.fill(9);
  assert.deepStrictEqual(await copy.bytes(), new Uint8Array([2, 3]));
  assert.deepStrictEqual(await copy.arrayBuffer(), new Uint8Array([2, 3]).buffer);
  assert.notStrictEqual(await copy.arrayBuffer(), await copy.arrayBuffer());

  await assert.rejects(Blob.prototype.text.call({}), { code: 'ERR_INVALID_THIS' });
})();
