// `util.format`: printf-like text, with `inspect` for what no placeholder takes.
'use strict';

const binding = internalBinding('inspect');
const { validateObject, kValidateObjectAllowArray } = require('internal/validators');
const kinds = require('internal/util/inspect/kinds');
const { Context, defaultOptions } = require('internal/util/inspect/context');
const { builtInNames } = require('internal/util/inspect/constructor_name');
const { bigintText, formatPrimitive, numberText } = require('internal/util/inspect/primitives');

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);

const PERCENT = 0x25;
const CIRCULAR_MESSAGE = 'Converting circular structure to JSON';

let inspectFunction;

function inspect(value, options) {
  inspectFunction ??= require('internal/util/inspect').inspect;
  return inspectFunction(value, options);
}

/** Text of an argument that no placeholder takes and that is not a string. */
function inspectArgument(options, value) {
  if (options === undefined && !defaultOptions.colors && (value === null ||
      (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'undefined'))) {
    return formatPrimitive(defaultContext ??= new Context(), value, unstyled);
  }
  return inspect(value, options);
}

/** Whether the class that has the method is one of the language. */
function isInheritedFromBuiltIn(value, key) {
  if (hasOwn(value, key)) return false;
  let holder = value;
  do {
    holder = getPrototypeOf(holder);
  } while (!hasOwn(holder, key));
  const constructor = getOwnPropertyDescriptor(holder, 'constructor')?.value;
  return typeof constructor === 'function' && builtInNames.has(constructor.name);
}

/** Whether `String(value)` would say no more than `inspect`. */
function hasBuiltInToString(value) {
  while (binding.classify(value) === kinds.PROXY) {
    value = internalBinding('util').getProxyDetails(value, false);
    if (value === null) return true;
  }
  if (typeof value[Symbol.toPrimitive] === 'function' && !isInheritedFromBuiltIn(value, Symbol.toPrimitive)) return false;
  if (typeof value.toString !== 'function') return true;
  return isInheritedFromBuiltIn(value, 'toString');
}
