// `--disable-proto`: objects without `__proto__`, or with one that cannot be used.
'use strict';

/**
 * @param {'delete' | 'throw'} mode
 * @param {object} prototype  the `Object.prototype` of a context
 */
function disableProto(mode, prototype) {
  if (mode === 'delete') {
    delete prototype.__proto__;
    return;
  }
  const refuse = internalBinding('process').refuseProto;
  Object.defineProperty(prototype, '__proto__', { get: refuse, set: refuse, configurable: false });
}

module.exports = { disableProto };
