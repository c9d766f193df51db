// Which class an inspected object belongs to, and the words in front of its braces that say so.
'use strict';

const binding = internalBinding('util');

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);

const MOST_PROTOTYPES_LISTED = 3;

/** Prototypes that are recognised as they are, whatever their `constructor` says. */
const knownPrototypes = new Map([
  [Object.prototype, 'Object'],
  [Function.prototype, 'Function'],
  [Array.prototype, 'Array'],
  [Map.prototype, 'Map'],
  [Set.prototype, 'Set'],
  [WeakMap.prototype, 'WeakMap'],
  [WeakSet.prototype, 'WeakSet'],
  [Promise.prototype, 'Promise'],
  [Date.prototype, 'Date'],
  [RegExp.prototype, 'RegExp'],
  [Number.prototype, 'Number'],
  [String.prototype, 'String'],
  [Boolean.prototype, 'Boolean'],
  [Error.prototype, 'Error'],
  [AggregateError.prototype, 'AggregateError'],
  [RangeError.prototype, 'RangeError'],
  [TypeError.prototype, 'TypeError'],
  [ArrayBuffer.prototype, 'ArrayBuffer'],
  [DataView.prototype, 'DataView'],
  [getPrototypeOf(Uint8Array.prototype), 'TypedArray'],
]);

/** Names of the language's own classes: their prototypes' properties are not listed by `showHidden`. */
const builtInNames = new Set([
  'Object', 'Function', 'Array', 'Number', 'Boolean', 'String', 'Symbol', 'Date', 'Promise', 'RegExp',
  'Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError',
  'URIError', 'ArrayBuffer', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array',
  'Int32Array', 'BigUint64Array', 'BigInt64Array', 'Uint8ClampedArray', 'Float16Array', 'Float32Array',
  'Float64Array', 'DataView', 'Map', 'BigInt', 'Set', 'Iterator', 'WeakMap', 'WeakSet', 'Proxy',
  'FinalizationRegistry', 'WeakRef',
]);

function isInstance(object, constructor) {
  try {
    return object instanceof constructor;
  } catch {
    return false;
  }
}

/** The function in a descriptor of `constructor`, or undefined. */
function functionOf(descriptor) {
  return descriptor !== undefined && typeof descriptor.value === 'function' ? descriptor.value : undefined;
}

/**
 * Appends the accessors and data that `object` inherits from the classes of the program, nearest first.
 * @param {object} ctx the inspection's context
 * @param {object} object the inspected object
 * @param {object} first the object itself, or the first prototype to list
 * @param {number} depth
 * @param {string[]} output
 */
function listInherited(ctx, object, first, depth, output) {
  const { formatProperty } = require('internal/util/inspect/value');
  const seenKeys = new Set();
  let prototype = first === object ? getPrototypeOf(object) : first;
  for (let level = 0; level < MOST_PROTOTYPES_LISTED; level++) {
    if (level > 0) prototype = getPrototypeOf(prototype);
    if (prototype === null) return;
    if (level > 0 || first === object) {
      const constructor = functionOf(getOwnPropertyDescriptor(prototype, 'constructor'));
      if (constructor !== undefined && builtInNames.has(constructor.name)) return;
    }
    const keys = Reflect.ownKeys(prototype);
    ctx.seen.push(object);
    for (const key of keys) {
      if (key === 'constructor' || hasOwn(object, key) || seenKeys.has(key)) continue;
      const descriptor = getOwnPropertyDescriptor(prototype, key);
      if (typeof descriptor.value === 'function') continue;
      const text = formatProperty(ctx, prototype, depth, key, false, descriptor, object);
      output.push(ctx.colors ? `\u001b[2m${text}\u001b[22m` : text);
    }
    ctx.seen.pop();
    for (const key of keys) seenKeys.add(key);
  }
}

/**
 * The name of the class whose instance the object is, found on its prototype chain without running
 * accessors. An object without a named class gets a description of its prototypes.
 * @param {object} ctx the inspection's context
 * @param {object} object
 * @param {number} depth
 * @param {string[]} [inherited] receives the texts of inherited properties
 * @returns {?string} null if the object has no prototype
 */
function getConstructorName(ctx, object, depth, inherited) {
  const firstPrototype = getPrototypeOf(object);
  if (inherited === undefined && !hasOwn(object, 'constructor')) {
    if (firstPrototype === null) return null;
    const known = knownPrototypes.get(firstPrototype);
    if (known !== undefined) return known;
  }

  for (let holder = object; holder !== null; holder = getPrototypeOf(holder)) {
    const known = holder === object ? undefined : knownPrototypes.get(holder);
    let name = known;
    if (name === undefined) {
      const constructor = functionOf(getOwnPropertyDescriptor(holder, 'constructor'));
      if (constructor === undefined) continue;
      name = constructor.name;
      if (name === '' || !isInstance(object, constructor)) continue;
    }
    if (inherited !== undefined && (holder !== firstPrototype || !builtInNames.has(name))) {
      listInherited(ctx, object, holder === object ? object : firstPrototype, depth, inherited);
    }
    return String(name);
  }

  if (firstPrototype === null) return null;
  const ownName = binding.getConstructorName(object);
  if (ctx.depth !== null && depth > ctx.depth) return `${ownName} <Complex prototype>`;
  const parentName = getConstructorName(ctx, firstPrototype, depth + 1, inherited);
  if (parentName !== null) return `${ownName} <${parentName}>`;
  const { inspect } = require('internal/util/inspect');
  return `${ownName} <${inspect(firstPrototype, { ...ctx.options(), customInspect: false, depth: -1 })}>`;
}

/**
 * What stands in front of the brace: `Foo(2) [tag] `, `[Array(2): null prototype] `.
 * @param {?string} constructor the class, null without a prototype
 * @param {string} tag the object's `Symbol.toStringTag`, or ''
 * @param {string} fallback the class that the kind of object implies
 * @param {string} [size] `(2)`
 * @returns {string} ends with a space
 */
function getPrefix(constructor, tag, fallback, size = '') {
  if (constructor !== null) {
    if (tag === '' || tag === constructor) return `${constructor}${size} `;
    // `Intl.NumberFormat` names the class already.
    if (tag.length > constructor.length + 1 && tag.endsWith(`.${constructor}`)) return `${tag}${size} `;
    return `${constructor}${size} [${tag}] `;
  }
  return tag !== '' && tag !== fallback ?
    `[${fallback}${size}: null prototype] [${tag}] ` :
    `[${fallback}${size}: null prototype] `;
}

/**
 * The class implied by an object that has no prototype: what the engine remembers of its construction.
 * @param {object} object
 * @param {string} tag the object's `Symbol.toStringTag`, or ''
 * @returns {string}
 */
function getImpliedName(object, tag) {
  const name = binding.getConstructorName(object);
  return name === tag ? 'Object' : name;
}

module.exports = { builtInNames, getConstructorName, getPrefix, getImpliedName };
