// Conversions of Web IDL: how web interfaces make their arguments into the types they want.
'use strict';

/**
 * The error of a failed conversion: a plain TypeError with a code.
 * @param {string} message
 * @returns {TypeError}
 */
function codedTypeError(message) {
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

/**
 * @param {unknown} value
 * @returns {string}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE for a symbol
 */
function toDOMString(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'symbol') {
    throw codedTypeError('Value is a Symbol and cannot be converted to a string.');
  }
  return String(value);
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * The items of an iterable object. Where a conversion throws, the iterator is not closed.
 * @param {unknown} value
 * @param {string} name for the message
 * @param {(item: unknown, name: string) => unknown} convert
 * @returns {unknown[]}
 */
function toSequence(value, name, convert) {
  const noSequence = () => codedTypeError(`${name} cannot be converted to sequence.`);
  const method = isObject(value) ? value[Symbol.iterator] : undefined;
  if (typeof method !== 'function') throw noSequence();
  const items = [];
  if (Array.isArray(value) && method === Array.prototype.values) {
    for (let i = 0; i < value.length; i++) items.push(convert(value[i], `${name}[${i}]`));
    return items;
  }
  const iterator = Reflect.apply(method, value, []);
  const next = isObject(iterator) ? iterator.next : undefined;
  if (typeof next !== 'function') throw noSequence();
  for (;;) {
    const step = Reflect.apply(next, iterator, []);
    if (!isObject(step)) throw noSequence();
    if (step.done) return items;
    items.push(convert(step.value, `${name}[${items.length}]`));
  }
}

module.exports = { codedTypeError, toDOMString, toSequence };
