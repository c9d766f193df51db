// LazyTransform: a Transform whose stream state is created when it is first used as a stream. For objects
// that mostly are not, such as hashes.
'use strict';

const Transform = require('internal/streams/transform');

/** @param {object} [options] Those of Transform. */
function LazyTransform(options) {
  this._options = options;
}
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);
Object.setPrototypeOf(LazyTransform, Transform);

function makeState(target) {
  Transform.call(target, target._options);
  target._writableState.decodeStrings = false;
}

for (const name of ['_readableState', '_writableState']) {
  Object.defineProperty(LazyTransform.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      makeState(this);
      return this[name];
    },
    set(value) {
      Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
    },
  });
}

module.exports = LazyTransform;
