// Node's `net`: not there yet, but for what needs no socket.
'use strict';

const { validateBoolean, validateInt32 } = require('internal/validators');
const { notYet } = require('internal/not_yet');
const { isIP, isIPv4, isIPv6 } = require('internal/net_address');

let autoSelectFamily = true;
let autoSelectFamilyAttemptTimeout = 500;

/** @returns {boolean} whether connections try both families */
function getDefaultAutoSelectFamily() {
  return autoSelectFamily;
}

function setDefaultAutoSelectFamily(value) {
  validateBoolean(value, 'value');
  autoSelectFamily = value;
}

/** @returns {number} milliseconds for one attempt */
function getDefaultAutoSelectFamilyAttemptTimeout() {
  return autoSelectFamilyAttemptTimeout;
}

function setDefaultAutoSelectFamilyAttemptTimeout(value) {
  validateInt32(value, 'value', 1);
  autoSelectFamilyAttemptTimeout = Math.max(value, 10);
}

module.exports = {
  ...notYet('net', ['BlockList', 'SocketAddress', 'connect', 'createConnection', 'createServer', 'Server', 'Socket', 'Stream']),
  isIP,
  isIPv4,
  isIPv6,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
