// Whether connections try the addresses of both families, and for how long each.
'use strict';

const { getOptionValue } = require('internal/options');
const { validateBoolean, validateInt32 } = require('internal/validators');

/** The shortest time that one attempt gets, in milliseconds. */
const LEAST_TIMEOUT = 10;

let family;
let timeout;

/** @returns {boolean} whether connections try both families */
function getDefaultAutoSelectFamily() {
  return family ??= getOptionValue('--network-family-autoselection') !== false;
}

function setDefaultAutoSelectFamily(value) {
  validateBoolean(value, 'value');
  family = value;
}

/** @returns {number} milliseconds for one attempt */
function getDefaultAutoSelectFamilyAttemptTimeout() {
  return timeout ??= getOptionValue('--network-family-autoselection-attempt-timeout') ?? 500;
}

function setDefaultAutoSelectFamilyAttemptTimeout(value) {
  validateInt32(value, 'value', 1);
  timeout = Math.max(value, LEAST_TIMEOUT);
}

module.exports = {
  LEAST_TIMEOUT,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
