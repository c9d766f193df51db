// What the native half of `serialization: 'advanced'` asks about objects of the host: see
// `ops/child_process/codec.rs`.
'use strict';

const { Buffer } = require('buffer');
const { numberOfView, views } = require('internal/v8/serdes');

/** @returns {number | object} the number of the class of a view, or a plain object in the place of another object */
function describe(object) {
  return ArrayBuffer.isView(object) ? numberOfView(object) : { ...object };
}

/** @returns {ArrayBufferView} over all of a buffer */
function view(number, buffer) {
  const View = views[number];
  return new View(buffer, 0, buffer.byteLength / (View.BYTES_PER_ELEMENT || 1));
}

const { prototype } = Buffer;

module.exports = { describe, prototype, view };
