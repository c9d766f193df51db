// Which test the running code belongs to.
'use strict';

const { AsyncLocalStorage } = require('internal/async_local_storage');
const { AsyncResource } = require('internal/async_resource');

const current = new AsyncLocalStorage();

module.exports = {
  /** @returns {object | undefined} the test or hook of the running code */
  currentTest() {
    return current.getStore();
  },

  /** @returns {AsyncResource} what runs in it, and follows from that, belongs to `test` */
  scopeOf(test) {
    return current.run(test, () => new AsyncResource('Test'));
  },
};
