// `database.limits`: SQLite's limits of a connection as the properties of an object.
'use strict';

const { isObject, refuse, wrongType } = require('internal/sqlite/errors');

const binding = internalBinding('sqlite');

/** SQLite's numbers of the limits. */
const numbers = {
  __proto__: null,
  length: 0,
  sqlLength: 1,
  column: 2,
  exprDepth: 3,
  compoundSelect: 4,
  vdbeOp: 5,
  functionArg: 6,
  attach: 7,
  likePatternLength: 8,
  variableNumber: 9,
  triggerDepth: 10,
};
const names = Object.keys(numbers);

/** More than SQLite allows of anything: it takes the most it does allow. */
const kMost = 0x7fffffff;

function refuseValue(caller) {
  const message = 'Limit value must be a non-negative integer or Infinity.';
  return refuse(TypeError, 'ERR_INVALID_ARG_TYPE', message, caller);
}

function toLimit(value, caller) {
  if (value === Infinity) return kMost;
  if (!Number.isInteger(value) || value !== (value | 0)) throw refuseValue(caller);
  if (value < 0) throw refuse(RangeError, 'ERR_OUT_OF_RANGE', 'Limit value must be non-negative.', caller);
  return value;
}

/** Shows the values alone, whatever keeps them up to date. */
const kind = {
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return { ...this };
  },
};

/**
 * @param {() => object} native gives the open database or throws
 * @returns {object} what `database.limits` returns
 */
function createLimits(native) {
  const values = Object.create(kind);
  for (const name of names) values[name] = 0;
  const refresh = (name) => {
    values[name] = binding.limit(native(), numbers[name], -1);
  };
  const handler = {
    get(target, name, receiver) {
      if (name in numbers) refresh(name);
      return Reflect.get(target, name, receiver);
    },
    set(target, name, value, receiver) {
      if (!(name in numbers)) return Reflect.set(target, name, value, target);
      const database = native();
      target[name] = binding.limit(database, numbers[name], toLimit(value, handler.set));
      return true;
    },
    getOwnPropertyDescriptor(target, name) {
      if (name in numbers) refresh(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys(target) {
      native();
      return Reflect.ownKeys(target);
    },
    deleteProperty(target, name) {
      return name in numbers || Reflect.deleteProperty(target, name);
    },
  };
  for (const name of names) refresh(name);
  return new Proxy(values, handler);
}

/**
 * @param {object} limits the option `limits`
 * @param {Function} caller
 * @returns {[number, number][]} numbers of limits with their values
 */
function readLimits(limits, caller) {
  if (!isObject(limits)) throw wrongType('options.limits argument', 'an object', caller);
  const found = [];
  for (const name of names) {
    const value = limits[name];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value !== (value | 0)) {
      throw wrongType(`options.limits.${name} argument`, 'an integer', caller);
    }
    if (value < 0) {
      const message = `The "options.limits.${name}" argument must be non-negative.`;
      throw refuse(RangeError, 'ERR_OUT_OF_RANGE', message, caller);
    }
    found.push([numbers[name], value]);
  }
  return found;
}

module.exports = { createLimits, readLimits };
