// `util.format`: printf-like text, with `inspect` for what no placeholder takes.
'use strict';

const binding = internalBinding('inspect');
const utilBinding = internalBinding('util');
const { validateObject, kValidateObjectAllowArray } = require('internal/validators');
const kinds = require('internal/util/inspect/kinds');
const { defaultOptions } = require('internal/util/inspect/context');
const { builtInNames } = require('internal/util/inspect/constructor_name');
const { bigintText, numberText } = require('internal/util/inspect/primitives');

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);

const PERCENT = 0x25;
const CIRCULAR_MESSAGE = 'Converting circular structure to JSON';

let inspectFunction;

function inspect(value, options) {
  inspectFunction ??= require('internal/util/inspect').inspect;
  return inspectFunction(value, options);
}

/** Text of an argument that no placeholder takes. */
function textOf(options, value) {
  if (typeof value === 'string') return value;
  if (options === undefined && !defaultOptions.colors) {
    if (typeof value === 'number') return numberText(value, defaultOptions.numericSeparator);
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (value === null) return 'null';
    if (value === undefined) return 'undefined';
  }
  return inspect(value, options);
}

function hasSeparators(options) {
  return options?.numericSeparator ?? defaultOptions.numericSeparator;
}

/** Whether the object has the method from a class of the language. */
function isInheritedFromBuiltIn(value, key) {
  let holder = value;
  do {
    if (hasOwn(holder, key)) break;
    holder = getPrototypeOf(holder);
  } while (holder !== null);
  if (holder === value || holder === null) return false;
  const constructor = getOwnPropertyDescriptor(holder, 'constructor')?.value;
  return typeof constructor === 'function' && builtInNames.has(constructor.name);
}

/** Whether `String(object)` would say less than `inspect`. */
function hasBuiltInToString(object) {
  while (binding.classify(object) === kinds.PROXY) {
    object = utilBinding.getProxyDetails(object, false);
    if (object === null) return true;
  }
  const { toPrimitive } = Symbol;
  if (typeof object[toPrimitive] === 'function' && !isInheritedFromBuiltIn(object, toPrimitive)) return false;
  return typeof object.toString !== 'function' || isInheritedFromBuiltIn(object, 'toString');
}

/** `%s` */
function formatString(options, value) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(value, hasSeparators(options));
    case 'bigint':
      return bigintText(value, hasSeparators(options));
    case 'object':
      if (value !== null && hasBuiltInToString(value)) {
        return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
      }
      return String(value);
    default:
      return String(value);
  }
}

/** `%d`, `%i` and `%f` */
function formatNumber(options, value, convert) {
  if (typeof value === 'symbol') return 'NaN';
  return numberText(convert(value), hasSeparators(options));
}

/** `%j` */
function formatJson(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith(CIRCULAR_MESSAGE)) return '[Circular]';
    throw error;
  }
}

/**
 * What takes the place of `%x`.
 * @returns {string|undefined} undefined if the letter is no placeholder
 */
function formatPlaceholder(options, letter, value) {
  switch (letter) {
    case 0x73: // s
      return formatString(options, value);
    case 0x64: // d
      return typeof value === 'bigint' ?
        bigintText(value, hasSeparators(options)) :
        formatNumber(options, value, Number);
    case 0x69: // i
      return typeof value === 'bigint' ?
        bigintText(value, hasSeparators(options)) :
        formatNumber(options, value, parseInt);
    case 0x66: // f
      return formatNumber(options, value, parseFloat);
    case 0x6a: // j
      return `${formatJson(value)}`;
    case 0x4f: // O
      return inspect(value, options);
    case 0x6f: // o
      return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 0x63: // c
      return '';
    default:
      return undefined;
  }
}

/**
 * The text of `console.log(...args)`.
 * @param {object|undefined} options of `inspect`
 * @param {Array} args
 * @returns {string}
 */
function formatArguments(options, args) {
  const { length } = args;
  if (length === 0) return '';
  const first = args[0];
  if (length === 1) return textOf(options, first);

  let result = '';
  let next = 0;
  if (typeof first === 'string') {
    next = 1;
    let copied = 0;
    for (let i = first.indexOf('%'); i !== -1 && i < first.length - 1; i = first.indexOf('%', i)) {
      const letter = first.charCodeAt(i + 1);
      if (letter === PERCENT) {
        result += first.slice(copied, i + 1);
        copied = i + 2;
        i += 2;
        continue;
      }
      // Placeholders without an argument stay as they are.
      const text = next < length ? formatPlaceholder(options, letter, args[next]) : undefined;
      if (text === undefined) {
        i++;
        continue;
      }
      result += first.slice(copied, i) + text;
      copied = i + 2;
      i += 2;
      next++;
    }
    result = copied === 0 ? first : result + first.slice(copied);
  }
  if (next === 0) result = textOf(options, args[next++]);
  for (; next < length; next++) result += ` ${textOf(options, args[next])}`;
  return result;
}

/**
 * Text in the way of C's printf: the first argument may contain `%s %d %i %f %j %o %O %c %%`, further
 * arguments follow behind spaces.
 * @param {...*} args
 * @returns {string}
 */
function format(...args) {
  return formatArguments(undefined, args);
}

/**
 * `format` with options for what `inspect` formats.
 * @param {object} inspectOptions
 * @param {...*} args
 * @returns {string}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 */
function formatWithOptions(inspectOptions, ...args) {
  validateObject(inspectOptions, 'inspectOptions', kValidateObjectAllowArray);
  return formatArguments(inspectOptions, args);
}

module.exports = { format, formatArguments, formatWithOptions };
