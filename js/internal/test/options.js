// What tests and suites may be given: their options, checked and completed with the parent's.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateAbortSignal, validateNumber, validateUint32 } = require('internal/validators');

const noop = () => {};

const TIMEOUT_MAX = 2 ** 31 - 1;

/**
 * The arguments of `test`: a name, options and a function, each of which may be left out.
 * @returns {{ name: string, options: object, fn: Function | undefined }}
 */
function readArguments(name, options, fn) {
  if (typeof name === 'function') {
    fn = name;
    name = undefined;
    options = {};
  } else if (name !== null && typeof name === 'object') {
    fn = options;
    options = name;
    name = undefined;
  } else if (typeof options === 'function') {
    fn = options;
    options = {};
  }
  if (options === null || typeof options !== 'object') options = {};
  if (typeof fn !== 'function') fn = undefined;
  if (typeof name !== 'string' || name === '') name = fn?.name || '<anonymous>';
  return { name, options, fn: fn ?? noop };
}

/**
 * @param {unknown} value
 * @param {object | null} parent  whose value holds where there is none
 * @returns {number} how many subtests may run at once
 */
function readConcurrency(value, parent) {
  switch (typeof value) {
    case 'undefined':
      return parent?.concurrency ?? 1;
    case 'number':
      validateUint32(value, 'options.concurrency', true);
      return value;
    case 'boolean':
      if (!value) return 1;
      return parent === null ? Math.max(require('os').availableParallelism() - 1, 1) : Infinity;
    default:
      if (value === null) return parent?.concurrency ?? 1;
      throw new ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], value);
  }
}

/**
 * @param {unknown} value
 * @param {object | null} parent  whose value holds where there is neither one nor a limit
 * @param {number} limit
 * @returns {number} after how many milliseconds a test is cancelled
 */
function readTimeout(value, parent, limit) {
  if (value === undefined || value === null) return limit === Infinity ? parent?.timeout ?? Infinity : limit;
  if (value !== Infinity) validateNumber(value, 'options.timeout', 0, TIMEOUT_MAX);
  return value;
}

/** @returns {AbortSignal | undefined} */
function readSignal(value) {
  if (value === null) return undefined;
  validateAbortSignal(value, 'options.signal');
  return value;
}

/**
 * @param {unknown} value
 * @returns {{ label?: string, match?: any } | undefined} how the test must fail
 */
function readExpectFailure(value) {
  if (value === undefined || value === null || value === false) return undefined;
  if (typeof value === 'string') return value === '' ? {} : { label: value };
  if (typeof value === 'function' || isRegExp(value)) return { match: value };
  if (typeof value !== 'object') return {};
  const keys = Object.keys(value);
  if (keys.length === 0) {
    if (value instanceof Error) return { match: value };
    const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('options.expectFailure', value, 'must not be an empty object');
  }
  if (keys.every((key) => key === 'label' || key === 'match')) return { label: value.label, match: value.match };
  return { match: value };
}

function isRegExp(value) {
  return require('internal/util/types').isRegExp(value);
}

module.exports = { TIMEOUT_MAX, noop, readArguments, readConcurrency, readExpectFailure, readSignal, readTimeout };
