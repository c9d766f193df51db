// Uncaught errors on their way from a worker to the thread that has started it.
'use strict';

const { inspect } = require('internal/util/inspect');

const { customInspectSymbol } = require('internal/util');

const constructors = {
  __proto__: null,
  Error, TypeError, RangeError, URIError, SyntaxError, ReferenceError, EvalError, AggregateError,
};

function isError(value) {
  return Object.prototype.toString.call(value) === '[object Error]' || value instanceof Error;
}

/** The constructor of V8's that an error descends from. */
function baseOf(error) {
  for (let object = error; object !== null; object = Object.getPrototypeOf(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor');
    const name = typeof descriptor?.value === 'function' ? descriptor.value.name : undefined;
    if (name !== undefined && name !== '' && constructors[name] !== undefined) return name;
  }
  return undefined;
}

/** All properties that are no functions, also inherited ones, as descriptors of values. */
function propertiesOf(object, receiver, depth) {
  const all = { __proto__: null };
  if (object === null) return all;
  Object.assign(all, propertiesOf(Object.getPrototypeOf(object), receiver, depth));
  for (const key of Object.getOwnPropertyNames(object)) {
    let descriptor;
    try {
      descriptor = Object.getOwnPropertyDescriptor(object, key);
      const value = descriptor.get === undefined ? descriptor.value : Reflect.apply(descriptor.get, receiver, []);
      if (key === '__proto__' || typeof value === 'function') continue;
      if (typeof value === 'symbol' && key !== 'cause') continue;
      all[key] = {
        value: key === 'cause' ? encodeValue(value, depth + 1) : value,
        enumerable: descriptor.enumerable,
        writable: descriptor.get === undefined,
        isEncoded: key === 'cause',
      };
    } catch {
      // What cannot be read is left out.
    }
  }
  return all;
}

const MAX_DEPTH = 10;

function encodeValue(value, depth) {
  if (typeof value === 'symbol') return { kind: 'symbol', description: value.description };
  if (typeof value !== 'object' || value === null || !isError(value) || depth > MAX_DEPTH) {
    return { kind: 'value', value };
  }
  const base = baseOf(value);
  if (base === undefined) return { kind: 'value', value };
  return { kind: 'error', base, properties: propertiesOf(value, value, depth) };
}

/**
 * The forms in which an error can be sent, the best first. Not every one can be cloned.
 * @param {any} error
 * @returns {Generator<object>}
 */
function* forms(error) {
  if (typeof error === 'symbol') {
    yield encodeValue(error, 0);
    return;
  }
  if (typeof error === 'object' && error !== null) {
    if (isError(error)) yield encodeValue(error, 0);
    if (Object.hasOwn(error, customInspectSymbol) || customInspectSymbol in error) {
      yield { kind: 'inspected', text: inspect(error) };
    }
  }
  yield { kind: 'value', value: error };
  yield { kind: 'text', text: inspect(error) };
}

/**
 * @param {object} form  as `forms` gives it
 * @returns {any} the error
 */
function decode(form) {
  switch (form.kind) {
    case 'error': {
      const properties = { __proto__: null };
      for (const [key, { value, enumerable, writable, isEncoded }] of Object.entries(form.properties)) {
        properties[key] = {
          value: isEncoded ? decode(value) : value,
          enumerable, writable, configurable: true,
        };
      }
      properties[Symbol.toStringTag] = { value: 'Error', configurable: true };
      return Object.create(constructors[form.base].prototype, properties);
    }
    case 'symbol':
      return Symbol.for(form.description);
    case 'inspected':
      return { [customInspectSymbol]: () => form.text };
    case 'text':
      return form.text;
    default:
      return form.value;
  }
}

module.exports = { decode, forms };
