// The walk through a value: recognises its kind, formats its entries and joins them.
'use strict';

const binding = internalBinding('inspect');
const utilBinding = internalBinding('util');

const kinds = require('internal/util/inspect/kinds');
const { formatKey, formatPrimitive } = require('internal/util/inspect/primitives');
const { getConstructorName, getImpliedName, getPrefix } = require('internal/util/inspect/constructor_name');
const { joinEntries, widthOf } = require('internal/util/inspect/layout');
const { describe } = require('internal/util/inspect/describe');
const { formatEntries } = require('internal/util/inspect/entries');

const customInspectSymbol = Symbol.for('nodejs.util.inspect.custom');

const { getOwnPropertyDescriptor } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
const isEnumerable = Function.prototype.call.bind(Object.prototype.propertyIsEnumerable);

// Past this many characters at one indentation the rest is shown without its contents.
const MOST_CHARACTERS = 2 ** 27;

/**
 * Text of any value. Objects are entered up to the context's depth.
 * @param {object} ctx the inspection's context
 * @param {*} value
 * @param {number} depth levels above the value
 * @param {boolean} [isBufferOfView] whether the value is the `buffer` listed below a view on it
 * @returns {string}
 */
function formatValue(ctx, value, depth, isBufferOfView = false) {
  const type = typeof value;
  if (type !== 'object' && type !== 'function' && !(type === 'undefined' && value !== undefined)) {
    return formatPrimitive(ctx, value, ctx.stylize);
  }
  if (value === null) return ctx.stylize('null', 'null');

  let kind = binding.classify(value);
  let target = value;
  let proxies = 0;
  while (kind === kinds.PROXY) {
    const details = utilBinding.getProxyDetails(target, true);
    if (details[0] === null) return ctx.stylize('<Revoked Proxy>', 'special');
    if (ctx.showProxy) return formatProxy(ctx, details, depth);
    target = details[0];
    kind = binding.classify(target);
    proxies++;
  }

  if (ctx.customInspect) {
    const custom = target[customInspectSymbol];
    if (typeof custom === 'function') {
      const text = formatCustom(ctx, value, target, custom, depth);
      if (text !== undefined) return text;
    }
  }

  if (ctx.seen.includes(target)) {
    ctx.circular ??= new Map();
    let index = ctx.circular.get(target);
    if (index === undefined) {
      index = ctx.circular.size + 1;
      ctx.circular.set(target, index);
    }
    return ctx.stylize(`[Circular *${index}]`, 'special');
  }

  const text = formatObject(ctx, target, depth, kind, isBufferOfView);
  if (proxies === 0) return text;
  const open = ctx.stylize('Proxy(', 'special');
  const close = ctx.stylize(')', 'special');
  return open.repeat(proxies) + text + close.repeat(proxies);
}

function formatProxy(ctx, details, depth) {
  if (ctx.depth !== null && depth > ctx.depth) return ctx.stylize('Proxy [Array]', 'special');
  depth++;
  ctx.indentation += 2;
  const entries = [formatValue(ctx, details[0], depth), formatValue(ctx, details[1], depth)];
  ctx.indentation -= 2;
  return joinEntries(ctx, entries, '', 'Proxy [', ']', true, depth, undefined);
}

/**
 * Runs the object's own inspection function.
 * @returns {string|undefined} undefined if the object is to be formatted as usual
 */
function formatCustom(ctx, value, target, custom, depth) {
  const { inspect } = require('internal/util/inspect');
  if (custom === inspect) return undefined;
  // A class's `prototype` is no instance that the function could work on.
  const { constructor } = target;
  if (constructor?.prototype === target) return undefined;

  const isForeign = value !== target || !(value instanceof Object);
  const options = isForeign ? getForeignOptions(ctx) : { ...ctx.options(), ...ctx.userOptions };
  const depthLeft = ctx.depth === null ? null : ctx.depth - depth;
  const result = Reflect.apply(custom, value, [depthLeft, options, inspect]);
  if (result === value) return undefined;
  if (typeof result !== 'string') return formatValue(ctx, result, depth);
  return ctx.indentation === 0 ? result : result.replaceAll('\n', `\n${' '.repeat(ctx.indentation)}`);
}

/** Options for a function of another realm: no object of this one can be reached through them. */
function getForeignOptions(ctx) {
  const options = { __proto__: null, ...ctx.options(), ...ctx.userOptions };
  for (const name of Object.keys(options)) {
    const option = options[name];
    if (typeof option === 'function' || (typeof option === 'object' && option !== null)) delete options[name];
  }
  const stylize = (text, styleType) => {
    let styled;
    try {
      styled = `${ctx.stylize(text, styleType)}`;
    } catch {
      // The caller's styler failed: the text stays as it is.
    }
    return typeof styled === 'string' ? styled : text;
  };
  options.stylize = Object.setPrototypeOf(stylize, null);
  return options;
}

function getTag(ctx, value) {
  let tag;
  try {
    tag = value[Symbol.toStringTag];
  } catch {
    return '';
  }
  if (typeof tag !== 'string' || tag === '') return '';
  // It is listed among the properties.
  const isOwnListed = ctx.showHidden ? hasOwn : isEnumerable;
  return isOwnListed(value, Symbol.toStringTag) ? '' : tag;
}

/** The prefix alone: `Foo [tag]`, `[Foo: null prototype]`. */
function nameOf(value, constructor, tag) {
  return getPrefix(constructor, tag, constructor === null ? getImpliedName(value, tag) : '').slice(0, -1);
}

/** Kinds whose contents are read by iteration. */
function isIterableContainer(kind) {
  return kind >= kinds.ARRAY && kind <= kinds.SET_ITERATOR;
}

function formatObject(ctx, value, depth, kind, isBufferOfView) {
  const isTooDeep = ctx.depth !== null && depth > ctx.depth;
  let inherited = ctx.showHidden && !isTooDeep ? [] : undefined;
  const constructor = getConstructorName(ctx, value, depth, inherited);
  if (inherited !== undefined && inherited.length === 0) inherited = undefined;
  const tag = getTag(ctx, value);

  // What was given a prototype that does not fit its kind is listed like any object.
  if (isIterableContainer(kind)) {
    if (constructor !== null && !(Symbol.iterator in value)) kind = kinds.ORDINARY;
  } else if (constructor === 'Object' && kind > kinds.ARGUMENTS) {
    kind = kinds.ORDINARY;
  }

  const hasInherited = inherited !== undefined;
  const described = describe(ctx, value, kind, constructor, tag, hasInherited, isBufferOfView, isTooDeep);
  if (typeof described === 'string') return described;
  if (isTooDeep) {
    const name = nameOf(value, constructor, tag);
    return ctx.stylize(constructor === null ? name : `[${name}]`, 'special');
  }

  depth++;
  ctx.seen.push(value);
  ctx.currentDepth = depth;
  const { indentation } = ctx;
  const entries = [];
  try {
    formatEntries(ctx, value, depth, described, constructor, entries);
    const { keys, isList } = described;
    for (let i = 0; i < keys.length; i++) {
      entries.push(formatProperty(ctx, value, depth, keys[i], false, undefined, value, isList));
    }
    if (inherited !== undefined) entries.push(...inherited);
  } catch (error) {
    return formatInterruption(ctx, value, error, indentation, constructor, tag);
  }
  const { keys, isList } = described;
  let { base, open } = described;
  if (ctx.circular !== undefined) {
    const index = ctx.circular.get(value);
    if (index !== undefined) {
      const reference = ctx.stylize(`<ref *${index}>`, 'special');
      if (ctx.compact === true) open = `${reference} ${open}`;
      else base = base === '' ? reference : `${reference} ${base}`;
    }
  }
  ctx.seen.pop();
  if (ctx.sorted) sortEntries(ctx, entries, keys.length, isList);

  const text = joinEntries(ctx, entries, base, open, described.close, isList, depth, value);
  limitOutput(ctx, text.length);
  return text;
}

/** Says in place of an object that the stack was too small for it; other errors are thrown on. */
function formatInterruption(ctx, value, error, indentation, constructor, tag) {
  if (!require('internal/errors').isStackOverflowError(error)) throw error;
  ctx.seen.pop();
  ctx.indentation = indentation;
  const name = nameOf(value, constructor, tag);
  return ctx.stylize(
    `[${name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`, 'special');
}

/** Elements of lists keep their order: only the properties behind them are sorted. */
function sortEntries(ctx, entries, keyCount, isList) {
  const comparator = ctx.sorted === true ? undefined : ctx.sorted;
  if (!isList) {
    entries.sort(comparator);
  } else if (keyCount > 1) {
    const properties = entries.splice(entries.length - keyCount, keyCount).sort(comparator);
    entries.push(...properties);
  }
}

/** Stops entering objects once an inspection without a depth has produced more than anyone can read. */
function limitOutput(ctx, length) {
  ctx.produced ??= [];
  const total = (ctx.produced[ctx.indentation] ?? 0) + length;
  ctx.produced[ctx.indentation] = total;
  if (total > MOST_CHARACTERS) ctx.depth = -1;
}

function isGetterRead(ctx, descriptor) {
  const { getters } = ctx;
  return getters === true ||
    (getters === 'get' && descriptor.set === undefined) ||
    (getters === 'set' && descriptor.set !== undefined);
}

function formatAccessor(ctx, descriptor, depth, receiver) {
  const { stylize } = ctx;
  if (descriptor.get === undefined) {
    return descriptor.set === undefined ? stylize('undefined', 'undefined') : stylize('[Setter]', 'special');
  }
  const label = descriptor.set === undefined ? 'Getter' : 'Getter/Setter';
  if (!isGetterRead(ctx, descriptor)) return stylize(`[${label}]`, 'special');

  ctx.indentation += 2;
  let text;
  try {
    const value = Reflect.apply(descriptor.get, receiver, []);
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      text = `${stylize(`[${label}]`, 'special')} ${formatValue(ctx, value, depth)}`;
    } else {
      const primitive = formatPrimitive(ctx, value, stylize);
      text = `${stylize(`[${label}:`, 'special')} ${primitive}${stylize(']', 'special')}`;
    }
  } catch (error) {
    const message = `<Inspection threw (${formatValue(ctx, error, depth)})>`;
    text = `${stylize(`[${label}:`, 'special')} ${message}${stylize(']', 'special')}`;
  }
  ctx.indentation -= 2;
  return text;
}

/**
 * Text of one property, `name: value`, or of the value alone for elements of arrays.
 * @param {object} ctx the inspection's context
 * @param {object} holder
 * @param {number} depth
 * @param {string|symbol|number} key
 * @param {boolean} isElement
 * @param {object} [descriptor] if the caller has it
 * @param {object} [receiver] whom accessors run on
 * @param {boolean} [isInList] whether the property stands behind elements
 * @returns {string}
 */
function formatProperty(
  ctx, holder, depth, key, isElement, descriptor, receiver = holder, isInList = isElement,
) {
  descriptor ??= getOwnPropertyDescriptor(holder, key) ?? { value: holder[key], enumerable: true };
  const { value } = descriptor;
  let text;
  let gap = ' ';
  if (value !== undefined) {
    const indentation = ctx.compact === true && !isInList ? 3 : 2;
    ctx.indentation += indentation;
    text = formatValue(ctx, value, depth);
    if (indentation === 3 && ctx.breakLength < widthOf(ctx, text)) gap = `\n${' '.repeat(ctx.indentation)}`;
    ctx.indentation -= indentation;
  } else {
    text = formatAccessor(ctx, descriptor, depth, receiver);
  }
  if (isElement) return text;
  return `${formatKey(ctx, key, descriptor.enumerable)}:${gap}${text}`;
}

module.exports = { customInspectSymbol, formatValue, formatProperty };
