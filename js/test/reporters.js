// Node's `node:test/reporters`: how results of tests are written.
'use strict';

const { constructorOf } = require('internal/test/reporters/constructors');

function lazy(name, load) {
  let value;
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return value ??= load();
    },
  });
}

lazy('dot', () => require('internal/test/reporters/dot').dot);
lazy('junit', () => require('internal/test/reporters/junit').junit);
module.exports.spec = constructorOf('spec', () => require('internal/test/reporters/spec').SpecReporter);
lazy('tap', () => require('internal/test/reporters/tap').tap);
module.exports.lcov = constructorOf('lcov', () => require('internal/test/reporters/lcov').LcovReporter);
