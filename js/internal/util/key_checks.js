// What tells keys of `node:crypto` from other objects: nothing is one until that module, when it is loaded,
// puts its own functions here.
'use strict';

module.exports = {
  isKeyObject: () => false,
  isCryptoKey: () => false,
};
