// Describes an object before its entries are formatted: braces, prefix and the names of its properties.
'use strict';

const utilBinding = internalBinding('util');

const kinds = require('internal/util/inspect/kinds');
const { numberText, formatPrimitive } = require('internal/util/inspect/primitives');
const { getImpliedName, getPrefix } = require('internal/util/inspect/constructor_name');
const { formatError, isErrorInstance } = require('internal/util/inspect/errors');
const { describeFunction } = require('internal/util/inspect/functions');
const { stylizeNoColor } = require('internal/util/inspect/styles');

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } = Object;
const uncurry = (fn) => Function.prototype.call.bind(fn);
const getterOf = (prototype, key) => uncurry(getOwnPropertyDescriptor(prototype, key).get);

const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable);
const sizeOfMap = getterOf(Map.prototype, 'size');
const sizeOfSet = getterOf(Set.prototype, 'size');
const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const lengthOfTypedArray = getterOf(typedArrayPrototype, 'length');
const nameOfTypedArray = getterOf(typedArrayPrototype, Symbol.toStringTag);
const regExpToString = uncurry(RegExp.prototype.toString);
const dateToString = uncurry(Date.prototype.toString);
const dateToISOString = uncurry(Date.prototype.toISOString);
const dateGetTime = uncurry(Date.prototype.getTime);

const ALL_PROPERTIES = 0;
const ONLY_ENUMERABLE = 2;

const boxedTypes = [
  ['Number', uncurry(Number.prototype.valueOf)],
  ['String', uncurry(String.prototype.valueOf)],
  ['Boolean', uncurry(Boolean.prototype.valueOf)],
  ['BigInt', uncurry(BigInt.prototype.valueOf)],
  ['Symbol', uncurry(Symbol.prototype.valueOf)],
];

/** What `formatEntries` and the layout need to know of an object. */
class Description {
  /**
   * @param {number} kind how the contents are formatted
   * @param {Array<string|symbol>} keys properties listed after the contents
   * @param {string} base what stands in front of the opening brace, or ''
   * @param {string} open
   * @param {string} close
   * @param {boolean} isList whether the contents are elements that may stand in columns
   */
  constructor(kind, keys, base, open, close, isList) {
    this.kind = kind;
    this.keys = keys;
    this.base = base;
    this.open = open;
    this.close = close;
    this.isList = isList;
  }
}

function getKeys(ctx, value) {
  const symbols = getOwnPropertySymbols(value);
  if (ctx.showHidden) {
    const keys = getOwnPropertyNames(value);
    return symbols.length === 0 ? keys : keys.concat(symbols);
  }
  let keys;
  try {
    keys = Object.keys(value);
  } catch {
    // A module namespace with bindings that are not initialised yet.
    keys = getOwnPropertyNames(value);
  }
  for (let i = 0; i < symbols.length; i++) {
    if (isEnumerable(value, symbols[i])) keys.push(symbols[i]);
  }
  return keys;
}

function getNonIndexKeys(ctx, value) {
  return utilBinding.getOwnNonIndexProperties(value, ctx.showHidden ? ALL_PROPERTIES : ONLY_ENUMERABLE);
}

function describeList(ctx, value, kind, constructor, tag, hasInherited) {
  const keys = getNonIndexKeys(ctx, value);
  let prefix = '';
  if (kind === kinds.ARRAY) {
    if (constructor !== 'Array' || tag !== '') {
      prefix = getPrefix(constructor, tag, 'Array', `(${value.length})`);
    }
    if (value.length === 0 && keys.length === 0 && !hasInherited) return `${prefix}[]`;
  } else {
    prefix = getPrefix(constructor, tag, nameOfTypedArray(value), `(${lengthOfTypedArray(value)})`);
    const length = constructor === null ? lengthOfTypedArray(value) : value.length;
    if (length === 0 && keys.length === 0 && !ctx.showHidden) return `${prefix}[]`;
  }
  return new Description(kind, keys, '', `${prefix}[`, ']', true);
}

function describeCollection(ctx, value, kind, constructor, tag, hasInherited) {
  const isMap = kind === kinds.MAP;
  const size = isMap ? sizeOfMap(value) : sizeOfSet(value);
  const keys = getKeys(ctx, value);
  const prefix = getPrefix(constructor, tag, isMap ? 'Map' : 'Set', `(${size})`);
  if (size === 0 && keys.length === 0 && !hasInherited) return `${prefix}{}`;
  return new Description(kind, keys, '', `${prefix}{`, '}', false);
}

function describeIterator(ctx, value, kind, tag) {
  const name = `${kind === kinds.MAP_ITERATOR ? 'Map' : 'Set'} Iterator`;
  const prefix = tag !== '' && tag !== name ? `[${tag}] [${name}]` : `[${name}]`;
  return new Description(kind, getKeys(ctx, value), '', `${prefix} {`, '}', false);
}

function describeRegExp(ctx, value, constructor, tag, hasInherited, isTooDeep) {
  const keys = getKeys(ctx, value);
  const prefix = getPrefix(constructor, tag, 'RegExp');
  const source = regExpToString(constructor === null ? new RegExp(value) : value);
  const base = ctx.stylize(prefix === 'RegExp ' ? source : prefix + source, 'regexp');
  if ((keys.length === 0 && !hasInherited) || isTooDeep) return base;
  return new Description(kinds.ORDINARY, keys, base, '{', '}', false);
}

function describeDate(ctx, value, constructor, tag, hasInherited) {
  const keys = getKeys(ctx, value);
  const prefix = getPrefix(constructor, tag, 'Date');
  const text = Number.isNaN(dateGetTime(value)) ? dateToString(value) : dateToISOString(value);
  const base = prefix === 'Date ' ? text : prefix + text;
  if (keys.length === 0 && !hasInherited) return ctx.stylize(base, 'date');
  return new Description(kinds.ORDINARY, keys, base, '{', '}', false);
}

function describeError(ctx, value, constructor, tag, hasInherited) {
  const keys = getKeys(ctx, value);
  const base = formatError(ctx, value, constructor, tag, keys);
  if (keys.length === 0 && !hasInherited) return base;
  return new Description(kinds.ORDINARY, keys, base, '{', '}', false);
}

function describeArrayBuffer(ctx, value, kind, constructor, tag, hasInherited, isBufferOfView) {
  const keys = getKeys(ctx, value);
  const className = kind === kinds.ARRAY_BUFFER ? 'ArrayBuffer' : 'SharedArrayBuffer';
  const prefix = getPrefix(constructor, tag, className);
  if (isBufferOfView && keys.length === 0 && !hasInherited) {
    return `${prefix}{ [byteLength]: ${ctx.stylize(numberText(value.byteLength, false), 'number')} }`;
  }
  return new Description(isBufferOfView ? kinds.BUFFER_OF_VIEW : kind, keys, '', `${prefix}{`, '}', false);
}

/** `[Number: 3]`: an object around a primitive value. */
function describeBoxed(ctx, value, constructor, tag, hasInherited) {
  let keys = getKeys(ctx, value);
  const [type, primitive] = unbox(value);
  // The characters of a string are properties too.
  if (type === 'String') keys = keys.slice(primitive.length);
  let base = `[${type}`;
  if (constructor === null) base += ' (null prototype)';
  else if (constructor !== type) base += ` (${constructor})`;
  base += `: ${formatPrimitive(ctx, primitive, stylizeNoColor)}]`;
  if (tag !== '' && tag !== constructor) base += ` [${tag}]`;
  if (keys.length === 0) {
    base = ctx.stylize(base, type.toLowerCase());
    if (!hasInherited) return base;
  }
  return new Description(kinds.ORDINARY, keys, base, '{', '}', false);
}

function unbox(value) {
  for (const [type, valueOf] of boxedTypes) {
    try {
      return [type, valueOf(value)];
    } catch {
      // Not an object around this type.
    }
  }
  return undefined;
}

function describeFunctionObject(ctx, value, kind, constructor, tag, hasInherited) {
  const keys = getKeys(ctx, value);
  const base = describeFunction(ctx, value, kind, constructor, tag);
  if (keys.length === 0 && !hasInherited) return ctx.stylize(base, 'special');
  return new Description(kinds.ORDINARY, keys, base, '{', '}', false);
}

/** A URL whose own way of being shown is turned off. */
function describeUrl(ctx, value, hasInherited) {
  const keys = getKeys(ctx, value);
  if (keys.length === 0 && !hasInherited) return value.href;
  return new Description(kinds.ORDINARY, keys, value.href, '{', '}', false);
}

function describeOrdinary(ctx, value, kind, constructor, tag, hasInherited) {
  const keys = getKeys(ctx, value);
  let open;
  if (constructor === 'Object') {
    if (kind === kinds.ARGUMENTS) open = '[Arguments] {';
    else open = tag === '' ? '{' : `${getPrefix(constructor, tag, '')}{`;
  } else {
    if (kind === kinds.EXTERNAL && keys.length === 0 && !hasInherited) {
      return ctx.stylize(`[External: ${utilBinding.getExternalValue(value).toString(16)}]`, 'special');
    }
    open = `${getPrefix(constructor, tag, constructor === null ? getImpliedName(value, tag) : '')}{`;
  }
  if (keys.length === 0 && !hasInherited) return `${open}}`;
  return new Description(kinds.ORDINARY, keys, '', open, '}', false);
}

/**
 * @param {object} ctx the inspection's context
 * @param {object} value
 * @param {number} kind
 * @param {?string} constructor
 * @param {string} tag
 * @param {boolean} hasInherited whether inherited properties are listed
 * @param {boolean} isBufferOfView
 * @param {boolean} isTooDeep whether the entries will not be shown
 * @returns {Description|string} the finished text if the object has nothing to enter
 */
function describe(ctx, value, kind, constructor, tag, hasInherited, isBufferOfView, isTooDeep) {
  switch (kind) {
    case kinds.ORDINARY:
      if (constructor !== 'Object' && isErrorInstance(value)) {
        return describeError(ctx, value, constructor, tag, hasInherited);
      }
      if ((constructor === 'URL' || tag === 'URL') && !isTooDeep && require('internal/url').isURL(value)) {
        return describeUrl(ctx, value, hasInherited);
      }
      return describeOrdinary(ctx, value, kind, constructor, tag, hasInherited);
    case kinds.ARRAY:
    case kinds.TYPED_ARRAY:
      return describeList(ctx, value, kind, constructor, tag, hasInherited);
    case kinds.MAP:
    case kinds.SET:
      return describeCollection(ctx, value, kind, constructor, tag, hasInherited);
    case kinds.MAP_ITERATOR:
    case kinds.SET_ITERATOR:
      return describeIterator(ctx, value, kind, tag);
    case kinds.FUNCTION:
    case kinds.ASYNC_FUNCTION:
    case kinds.GENERATOR_FUNCTION:
    case kinds.ASYNC_GENERATOR_FUNCTION:
      return describeFunctionObject(ctx, value, kind, constructor, tag, hasInherited);
    case kinds.REGEXP:
      return describeRegExp(ctx, value, constructor, tag, hasInherited, isTooDeep);
    case kinds.DATE:
      return describeDate(ctx, value, constructor, tag, hasInherited);
    case kinds.ERROR:
      return describeError(ctx, value, constructor, tag, hasInherited);
    case kinds.ARRAY_BUFFER:
    case kinds.SHARED_ARRAY_BUFFER:
      return describeArrayBuffer(ctx, value, kind, constructor, tag, hasInherited, isBufferOfView);
    case kinds.DATA_VIEW:
    case kinds.PROMISE:
    case kinds.WEAK_MAP:
    case kinds.WEAK_SET:
    case kinds.MODULE_NAMESPACE:
      return new Description(
        kind, getKeys(ctx, value), '', `${getPrefix(constructor, tag, classNames[kind])}{`, '}', false);
    case kinds.BOXED_PRIMITIVE:
      return describeBoxed(ctx, value, constructor, tag, hasInherited);
    default:
      return describeOrdinary(ctx, value, kind, constructor, tag, hasInherited);
  }
}

const classNames = {
  [kinds.DATA_VIEW]: 'DataView',
  [kinds.PROMISE]: 'Promise',
  [kinds.WEAK_MAP]: 'WeakMap',
  [kinds.WEAK_SET]: 'WeakSet',
  [kinds.MODULE_NAMESPACE]: 'Module',
};

module.exports = { describe };
