// What a Buffer looks like when it is inspected: `<Buffer 68 69 ... 5 more bytes>`.
'use strict';

const { validateNumber } = require('internal/validators');
const textMethods = require('internal/buffer/text_methods');

const utilBinding = internalBinding('util');

const ALL_PROPERTIES = 0;
const ONLY_ENUMERABLE = 2;

const pairOfDigits = /(.{2})/g;

let maxBytes = 50;

/** @returns {number} how many bytes are shown: `buffer.INSPECT_MAX_BYTES` */
function getInspectMaxBytes() {
  return maxBytes;
}

/** @param {number} value */
function setInspectMaxBytes(value) {
  validateNumber(value, 'INSPECT_MAX_BYTES', 0);
  maxBytes = value;
}

/**
 * @param {Uint8Array} buffer
 * @param {object} [ctx] the options of `util.inspect`; without, only bytes are shown
 * @returns {string}
 */
function inspectBuffer(buffer, ctx) {
  const { length } = buffer;
  const shown = Math.min(maxBytes, length);
  const remaining = length - maxBytes;
  let text = textMethods.hexSlice.call(buffer, 0, shown).replace(pairOfDigits, '$1 ').trimEnd();
  if (remaining > 0) text += ` ... ${remaining} more byte${remaining > 1 ? 's' : ''}`;
  if (ctx) {
    const properties = describeProperties(buffer, ctx);
    if (properties !== '') text += length === 0 ? properties : `, ${properties}`;
  }
  return `<${nameOf(buffer)} ${text}>`;
}

/** The name of the class, unless a program has put something else in its place. */
function nameOf(buffer) {
  const { constructor } = buffer;
  const isClass = typeof constructor === 'function' && Object.hasOwn(constructor, 'name');
  return isClass ? constructor.name : 'Buffer';
}

/** What a program has added to a buffer, as text between braces. */
function describeProperties(buffer, ctx) {
  const filter = ctx.showHidden ? ALL_PROPERTIES : ONLY_ENUMERABLE;
  const keys = utilBinding.getOwnNonIndexProperties(buffer, filter);
  if (keys.length === 0) return '';
  const properties = { __proto__: null };
  for (const key of keys) properties[key] = buffer[key];
  const { inspect } = require('internal/util/inspect');
  const text = inspect(properties, { ...ctx, breakLength: Infinity, compact: true });
  return text.slice('[Object: null prototype] { '.length, -' }'.length);
}

module.exports = { getInspectMaxBytes, inspectBuffer, setInspectMaxBytes };
