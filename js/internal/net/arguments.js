// What the functions of `net` make of their arguments.
'use strict';

/** Marks argument lists that have been put in order. */
const normalizedArgs = Symbol('normalizedArgs');

/** @returns {number | false} a number that is not negative, or false */
function toNumber(value) {
  const number = Number(value);
  return number >= 0 ? number : false;
}

/** @returns {boolean} whether a string is the path of a local socket rather than a port */
function isPipeName(value) {
  return typeof value === 'string' && toNumber(value) === false;
}

/**
 * Puts `(options[, callback])`, `(path[, callback])` and `(port[, host][, callback])` into one form.
 * @param {any[]} args
 * @returns {[object, Function | null]} the options and the callback
 */
function normalizeArgs(args) {
  let options = {};
  let callback = null;
  if (args.length > 0) {
    const first = args[0];
    if (typeof first === 'object' && first !== null) {
      options = first;
    } else if (isPipeName(first)) {
      options.path = first;
    } else {
      options.port = first;
      if (args.length > 1 && typeof args[1] === 'string') options.host = args[1];
    }
    const last = args[args.length - 1];
    if (typeof last === 'function') callback = last;
  }
  const normalized = [options, callback];
  normalized[normalizedArgs] = true;
  return normalized;
}

module.exports = { isPipeName, normalizeArgs, normalizedArgs, toNumber };
