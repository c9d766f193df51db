// Node's `stream.PassThrough`: a transform that changes nothing.
'use strict';

const Transform = require('internal/streams/transform');

/** @param {object} [options] Those of Transform. */
function PassThrough(options) {
  if (!(this instanceof PassThrough)) return new PassThrough(options);
  Transform.call(this, options);
}
Object.setPrototypeOf(PassThrough.prototype, Transform.prototype);
Object.setPrototypeOf(PassThrough, Transform);

PassThrough.prototype._transform = function(chunk, encoding, callback) {
  callback(null, chunk);
};

module.exports = PassThrough;
