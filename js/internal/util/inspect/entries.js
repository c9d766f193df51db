// Texts of what an object contains: elements, entries of collections, bytes, the state of a promise.
'use strict';

const utilBinding = internalBinding('util');

const kinds = require('internal/util/inspect/kinds');
const { bigintText, moreText, numberText } = require('internal/util/inspect/primitives');
const { joinEntries } = require('internal/util/inspect/layout');

const uncurry = (fn) => Function.prototype.call.bind(fn);
const hasOwn = uncurry(Object.prototype.hasOwnProperty);
const mapEntries = uncurry(Map.prototype.entries);
const setValues = uncurry(Set.prototype.values);
const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const lengthOfTypedArray = uncurry(Object.getOwnPropertyDescriptor(typedArrayPrototype, 'length').get);

const LARGEST_INDEX = 2 ** 32 - 2;
const INDEX = /^(?:0|[1-9]\d*)$/;
const PENDING = 0;
const REJECTED = 2;
const BUFFER_PROPERTIES = ['byteLength'];
const VIEW_PROPERTIES = ['byteLength', 'byteOffset', 'buffer'];
const TYPED_ARRAY_PROPERTIES = ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer'];

// Set on first use: the two files need each other.
let formatValue;
let formatProperty;

/** How many of `length` entries are shown. */
function shownLength(ctx, length) {
  return Math.min(Math.max(0, ctx.maxArrayLength), length);
}

function formatArray(ctx, value, depth, output) {
  const { length } = value;
  const shown = shownLength(ctx, length);
  for (let i = 0; i < shown; i++) {
    if (!hasOwn(value, i)) {
      formatSparseArray(ctx, value, depth, output, i, shown);
      return;
    }
    output.push(formatProperty(ctx, value, depth, i, true));
  }
  if (length > shown) output.push(moreText(length - shown, 'item'));
}

/** Goes on with an array from its first hole; each run of holes is one entry. */
function formatSparseArray(ctx, value, depth, output, firstHole, shown) {
  const keys = Object.keys(value);
  let next = firstHole;
  for (let i = firstHole; i < keys.length && output.length < shown; i++) {
    const key = keys[i];
    if (!INDEX.test(key) || Number(key) > LARGEST_INDEX) break;
    const index = Number(key);
    if (index !== next) {
      output.push(ctx.stylize(`<${holesText(index - next)}>`, 'undefined'));
      next = index;
      if (output.length === shown) break;
    }
    output.push(formatProperty(ctx, value, depth, key, true));
    next++;
  }
  const remaining = value.length - next;
  if (remaining <= 0) return;
  output.push(output.length === shown ?
    moreText(remaining, 'item') :
    ctx.stylize(`<${holesText(remaining)}>`, 'undefined'));
}

function holesText(count) {
  return `${count} empty item${count > 1 ? 's' : ''}`;
}

function formatTypedArray(ctx, value, depth, output, constructor) {
  const length = lengthOfTypedArray(value);
  // Without a prototype there is no `length` to be read.
  const visibleLength = constructor === null ? length : value.length;
  const shown = shownLength(ctx, length);
  const separators = ctx.numericSeparator;
  if (visibleLength > 0 && typeof value[0] === 'number') {
    for (let i = 0; i < shown; i++) output.push(ctx.stylize(numberText(value[i], separators), 'number'));
  } else {
    for (let i = 0; i < shown; i++) output.push(ctx.stylize(bigintText(value[i], separators), 'bigint'));
  }
  if (visibleLength > shown) output.push(moreText(visibleLength - shown, 'item'));
  if (ctx.showHidden) formatViewProperties(ctx, value, depth, output, TYPED_ARRAY_PROPERTIES, true);
}

/**
 * Lists what a view or a buffer has from its prototype. An accessor that throws gives the length of the
 * whole buffer, or undefined, and leaves the rest indented further.
 */
function formatViewProperties(ctx, value, depth, output, names, isTypedArray) {
  for (const name of names) {
    let text;
    ctx.indentation += 2;
    try {
      text = formatValue(ctx, value[name], depth, isTypedArray);
      ctx.indentation -= 2;
    } catch {
      const { buffer } = value;
      text = formatValue(ctx, name === 'byteLength' ? buffer.byteLength : undefined, depth, isTypedArray);
    }
    output.push(`${ctx.stylize(`[${name}]`, 'string')}: ${text}`);
  }
}

function formatSet(ctx, value, depth, output, constructor) {
  const shown = shownLength(ctx, value.size);
  ctx.indentation += 2;
  for (const element of constructor === null ? setValues(value) : value) {
    if (output.length >= shown) break;
    output.push(formatValue(ctx, element, depth));
  }
  ctx.indentation -= 2;
  if (value.size > shown) output.push(moreText(value.size - shown, 'item'));
}

function formatMap(ctx, value, depth, output, constructor) {
  const shown = shownLength(ctx, value.size);
  ctx.indentation += 2;
  for (const { 0: key, 1: element } of constructor === null ? mapEntries(value) : value) {
    if (output.length >= shown) break;
    output.push(`${formatValue(ctx, key, depth)} => ${formatValue(ctx, element, depth)}`);
  }
  ctx.indentation -= 2;
  if (value.size > shown) output.push(moreText(value.size - shown, 'item'));
}

/** Elements of iterators and weak sets, which cannot be read without consuming or keeping them. */
function formatPreviewedElements(ctx, elements, depth, output, isWeak) {
  const shown = shownLength(ctx, elements.length);
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) output.push(formatValue(ctx, elements[i], depth));
  ctx.indentation -= 2;
  // The order of a weak collection means nothing: sorted, equal contents look the same.
  if (isWeak && !ctx.sorted) output.sort();
  if (elements.length > shown) output.push(moreText(elements.length - shown, 'item'));
}

/** Pairs of iterators and weak maps; `flat` has keys and values in turn. */
function formatPreviewedPairs(ctx, flat, depth, output, isWeak) {
  const count = flat.length / 2;
  const shown = shownLength(ctx, count);
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    const key = formatValue(ctx, flat[i * 2], depth);
    const value = formatValue(ctx, flat[i * 2 + 1], depth);
    if (isWeak) output.push(`${key} => ${value}`);
    else output.push(joinEntries(ctx, [key, value], '', '[', ']', true, depth, undefined));
  }
  if (isWeak && !ctx.sorted) output.sort();
  ctx.indentation -= 2;
  if (count > shown) output.push(moreText(count - shown, 'item'));
}

function formatIterator(ctx, value, depth, output, description) {
  const { 0: entries, 1: isKeyValue } = utilBinding.previewEntries(value, true);
  if (isKeyValue) {
    description.open = description.open.replace(/ Iterator\] \{$/, ' Entries] {');
    formatPreviewedPairs(ctx, entries, depth, output, false);
  } else {
    formatPreviewedElements(ctx, entries, depth, output, false);
  }
}

function formatWeakCollection(ctx, value, depth, output, kind) {
  if (!ctx.showHidden) {
    output.push(ctx.stylize('<items unknown>', 'special'));
    return;
  }
  const entries = utilBinding.previewEntries(value);
  if (kind === kinds.WEAK_MAP) formatPreviewedPairs(ctx, entries, depth, output, true);
  else formatPreviewedElements(ctx, entries, depth, output, true);
}

function formatArrayBuffer(ctx, value, depth, output) {
  let bytes;
  try {
    bytes = new Uint8Array(value);
  } catch {
    output.push(ctx.stylize('(detached)', 'special'));
  }
  if (bytes !== undefined) {
    const shown = Math.trunc(shownLength(ctx, bytes.length));
    const hex = [];
    for (let i = 0; i < shown; i++) hex.push(`${bytes[i] < 16 ? '0' : ''}${bytes[i].toString(16)}`);
    const remaining = bytes.length - ctx.maxArrayLength;
    const rest = remaining > 0 ? ` ${moreText(remaining, 'byte')}` : '';
    output.push(`${ctx.stylize('[Uint8Contents]', 'special')}: <${hex.join(' ')}${rest}>`);
  }
  formatViewProperties(ctx, value, depth, output, BUFFER_PROPERTIES, false);
}

function formatPromise(ctx, value, depth, output) {
  const { 0: state, 1: result } = utilBinding.getPromiseDetails(value);
  if (state === PENDING) {
    output.push(ctx.stylize('<pending>', 'special'));
    return;
  }
  ctx.indentation += 2;
  const text = formatValue(ctx, result, depth);
  ctx.indentation -= 2;
  output.push(state === REJECTED ? `${ctx.stylize('<rejected>', 'special')} ${text}` : text);
}

function formatNamespace(ctx, value, depth, output, description) {
  for (const key of description.keys) {
    let text;
    try {
      text = formatProperty(ctx, value, depth, key, false);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      // A stand-in gives the name in its usual form.
      const named = formatProperty(ctx, { [key]: '' }, depth, key, false);
      text = named.slice(0, named.lastIndexOf(' ') + 1) + ctx.stylize('<uninitialized>', 'special');
    }
    output.push(text);
  }
  // They are bindings, listed here, not properties to be listed again.
  description.keys = [];
}

/**
 * Appends the texts of an object's contents; its properties follow separately.
 * @param {object} ctx the inspection's context
 * @param {object} value
 * @param {number} depth of the contents
 * @param {object} description of the object, adjusted to what is found
 * @param {?string} constructor
 * @param {string[]} output
 */
function formatEntries(ctx, value, depth, description, constructor, output) {
  if (formatValue === undefined) ({ formatValue, formatProperty } = require('internal/util/inspect/value'));
  switch (description.kind) {
    case kinds.ARRAY:
      return formatArray(ctx, value, depth, output);
    case kinds.TYPED_ARRAY:
      return formatTypedArray(ctx, value, depth, output, constructor);
    case kinds.MAP:
      return formatMap(ctx, value, depth, output, constructor);
    case kinds.SET:
      return formatSet(ctx, value, depth, output, constructor);
    case kinds.MAP_ITERATOR:
    case kinds.SET_ITERATOR:
      return formatIterator(ctx, value, depth, output, description);
    case kinds.WEAK_MAP:
    case kinds.WEAK_SET:
      return formatWeakCollection(ctx, value, depth, output, description.kind);
    case kinds.ARRAY_BUFFER:
    case kinds.SHARED_ARRAY_BUFFER:
      return formatArrayBuffer(ctx, value, depth, output);
    case kinds.BUFFER_OF_VIEW:
      return formatViewProperties(ctx, value, depth, output, BUFFER_PROPERTIES, false);
    case kinds.DATA_VIEW:
      return formatViewProperties(ctx, value, depth, output, VIEW_PROPERTIES, false);
    case kinds.PROMISE:
      return formatPromise(ctx, value, depth, output);
    case kinds.MODULE_NAMESPACE:
      return formatNamespace(ctx, value, depth, output, description);
    default:
      return undefined;
  }
}

module.exports = { formatEntries };
