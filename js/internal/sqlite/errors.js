// What `node:sqlite` refuses by itself, as its native half would: plain errors with a `code`.
'use strict';

function refuse(Base, code, message, caller) {
  const error = new Base(message);
  Error.captureStackTrace(error, caller);
  error.code = code;
  return error;
}

/**
 * @param {string} what the argument or option with its kind: `"sql" argument`
 * @param {string} expected `a string`
 * @param {Function} caller the function whose frame the stack leaves out
 */
function wrongType(what, expected, caller) {
  const [name, kind] = what.split(' ');
  return refuse(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}.`, caller);
}

function wrongState(message, caller) {
  return refuse(Error, 'ERR_INVALID_STATE', message, caller);
}

function checkString(value, name, caller) {
  if (typeof value !== 'string') throw wrongType(`${name} argument`, 'a string', caller);
}

function checkBoolean(value, name, caller) {
  if (typeof value !== 'boolean') throw wrongType(`${name} argument`, 'a boolean', caller);
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function checkOptions(options, caller) {
  if (!isObject(options)) throw wrongType('options argument', 'an object', caller);
}

const kinds = {
  boolean: ['a boolean', (value) => typeof value === 'boolean'],
  string: ['a string', (value) => typeof value === 'string'],
  function: ['a function', (value) => typeof value === 'function'],
  integer: ['an integer', (value) => Number.isInteger(value) && value === (value | 0)],
};

/**
 * @param {object} options
 * @param {string} name
 * @param {'boolean' | 'string' | 'function' | 'integer'} kind
 * @param {unknown} absent what an option that is undefined means
 * @param {Function} caller
 */
function option(options, name, kind, absent, caller) {
  const value = options[name];
  if (value === undefined) return absent;
  const [expected, is] = kinds[kind];
  if (!is(value)) throw wrongType(`options.${name} argument`, expected, caller);
  return value;
}

/** @param {(object: object) => unknown} read @returns {PropertyDescriptor} an own property without a name of its own */
function getter(read) {
  return { get: function() { return read(this); }, enumerable: true, configurable: false };
}

/** Gives a class its methods, with the constructor behind those that have names, as native classes list them. */
function setMethods(Class, methods) {
  const { prototype } = Class;
  delete prototype.constructor;
  for (const [name, method] of Object.entries(methods)) {
    Object.defineProperty(method, 'length', { value: 0, configurable: true });
    prototype[name] = method;
  }
  Object.defineProperty(prototype, 'constructor', { value: Class, writable: true, configurable: true });
}

module.exports = {
  refuse,
  wrongType,
  wrongState,
  checkString,
  checkBoolean,
  checkOptions,
  getter,
  isObject,
  option,
  setMethods,
};
