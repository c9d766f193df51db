// Deep comparison of values: behind `assert.deepEqual` and its kin, and `util.isDeepStrictEqual`.

'use strict';

const types = internalBinding('types');
const utilBinding = internalBinding('util');

/** Primitives by `==`, prototypes and symbol keys ignored. */
const kLoose = 0;
/** Primitives by `Object.is`, prototypes and symbol keys compared. */
const kStrict = 1;
/** As strict, but what `actual` has beyond `expected` and its prototypes do not count. */
const kPartial = 2;
/** As strict, but prototypes do not count. */
const kStrictWithoutPrototype = 3;

const kOnlyEnumerable = 2;
/** Below this depth ancestors are found by walking the chain of `Ancestor`, beyond it with a Set. */
const kMaxChain = 8;

const { getPrototypeOf, getOwnPropertySymbols, keys: ownKeys, is } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { hasOwnProperty, propertyIsEnumerable, toString } = Object.prototype;
const getTime = Date.prototype.getTime;

exports.kLoose = kLoose;
exports.kPartial = kPartial;
exports.valuesEqual = valuesEqual;
exports.descend = descend;

let collections;
let bytes;

/** The pair of objects whose parts are being compared, linked to the pair around it. */
class Ancestor {
  constructor(a, b, parent) {
    this.a = a;
    this.b = b;
    this.parent = parent;
    this.depth = parent === undefined ? 1 : parent.depth + 1;
    this.set = undefined;
  }
}

/**
 * The `path` under which the parts of `a` and `b` are compared.
 * @param {object} a
 * @param {object} b
 * @param {Ancestor|undefined} path What surrounds `a` and `b`.
 * @returns {Ancestor}
 */
function descend(a, b, path) {
  if (path === undefined) return new Ancestor(a, b, undefined);
  if (path.set !== undefined) return path;
  const inner = new Ancestor(a, b, path);
  if (inner.depth === kMaxChain) {
    inner.set = new Set();
    for (let pair = inner; pair !== undefined; pair = pair.parent) inner.set.add(pair.a).add(pair.b);
  }
  return inner;
}

/**
 * Compares two values of any kind.
 * @param {unknown} a The actual value.
 * @param {unknown} b The expected value.
 * @param {number} mode One of the constants above.
 * @param {Ancestor|undefined} path The objects that contain `a` and `b`, to stop at circles.
 * @returns {boolean}
 */
function valuesEqual(a, b, mode, path) {
  if (a === b) return a !== 0 || mode === kLoose || is(a, b);
  if (mode === kLoose) {
    if (a === null || typeof a !== 'object') {
      return (b === null || typeof b !== 'object') && (a == b || (a !== a && b !== b));
    }
    if (b === null || typeof b !== 'object') return false;
  } else {
    if (typeof a !== 'object') return a !== a && b !== b;
    if (typeof b !== 'object' || a === null || b === null) return false;
    if (mode === kStrict && getPrototypeOf(a) !== getPrototypeOf(b)) return false;
  }
  let tag;
  if (!isArray(a)) {
    // Object.prototype.toString is fast only where there is no toStringTag.
    tag = a[Symbol.toStringTag];
    if (tag !== b[Symbol.toStringTag]) return false;
    if (tag === undefined) {
      tag = toString.call(a);
      if (tag !== toString.call(b)) return false;
    }
  } else if (!isArray(b)) {
    return false;
  }
  if (path === undefined) return objectsEqual(a, b, tag, mode, path);
  if (path.set !== undefined) return deepObjectsEqual(a, b, tag, mode, path);

  // A circle ends where the same pair comes again, or where only one side has come again.
  let seenA = false;
  let seenB = false;
  for (let pair = path; pair !== undefined; pair = pair.parent) {
    if (pair.a === a && pair.b === b) return true;
    if (pair.a === a || pair.b === a) seenA = true;
    if (pair.b === b || pair.a === b) seenB = true;
  }
  if (seenA !== seenB) return false;
  if (seenA && mode === kPartial) return true;
  return objectsEqual(a, b, tag, mode, path);
}

/** `objectsEqual` far down, where the ancestors are kept in one Set. */
function deepObjectsEqual(a, b, tag, mode, path) {
  const { set } = path;
  const { size } = set;
  if (set.add(a).size === size) return set.has(b);
  if (set.add(b).size === size + 1) {
    set.delete(a);
    return false;
  }
  const equal = objectsEqual(a, b, tag, mode, path);
  set.delete(a);
  set.delete(b);
  return equal;
}

/** Compares two objects of the same `tag`: their toStringTag or else what toString says. Arrays have none. */
function objectsEqual(a, b, tag, mode, path) {
  if (tag === undefined) return arraysEqual(a, b, mode, path);
  if (tag === '[object Object]') return propertiesEqual(a, b, mode, path);
  if (isView(a) || isView(b)) return isView(a) && isView(b) && viewsEqual(a, b, mode, path);
  const kind = kindOf(a, tag);
  if (kind === undefined) {
    const other = kindOf(b, tag);
    if (other !== undefined && other.equal !== onlyItself) return false;
  } else if (!kind.is(b) || !kind.equal(a, b, mode, path)) {
    return false;
  }
  return propertiesEqual(a, b, mode, path);
}

/** Nothing of these can be compared; what is none of them and looks like one, such as a proxy, equals it. */
const onlyItself = () => false;

/** The built-in classes whose instances hide what makes them equal. */
const kinds = [
  { tag: 'Map', is: (value) => types.isMap(value), equal: mapsEqual },
  { tag: 'Set', is: (value) => types.isSet(value), equal: setsEqual },
  { tag: '[object Error]', is: isError, equal: errorsEqual },
  { tag: '[object Date]', is: (value) => types.isDate(value), equal: datesEqual },
  { tag: '[object RegExp]', is: (value) => types.isRegExp(value), equal: regExpsEqual },
  { tag: '[object Number]', is: (value) => types.isNumberObject(value), equal: boxesEqual(Number) },
  { tag: '[object String]', is: (value) => types.isStringObject(value), equal: boxesEqual(String) },
  { tag: '[object Boolean]', is: (value) => types.isBooleanObject(value), equal: boxesEqual(Boolean) },
  { tag: 'BigInt', is: (value) => types.isBigIntObject(value), equal: boxesEqual(BigInt) },
  { tag: 'Symbol', is: (value) => types.isSymbolObject(value), equal: boxesEqual(Symbol) },
  { tag: 'ArrayBuffer', is: (value) => types.isAnyArrayBuffer(value), equal: arrayBuffersEqual },
  { tag: 'SharedArrayBuffer', is: (value) => types.isAnyArrayBuffer(value), equal: arrayBuffersEqual },
  { tag: 'WeakMap', is: (value) => types.isWeakMap(value), equal: onlyItself },
  { tag: 'WeakSet', is: (value) => types.isWeakSet(value), equal: onlyItself },
  { tag: 'Promise', is: (value) => types.isPromise(value), equal: onlyItself },
];

/** Likewise of the platform, known by their tag alone: asking for them loads modules. */
const platformKinds = [
  { tag: 'URL', is: (value) => require('internal/url').isURL(value), equal: (a, b) => a.href === b.href },
  { tag: 'KeyObject', is: isKeyObject, equal: (a, b) => a.equals(b) },
  { tag: 'CryptoKey', is: (value) => value instanceof CryptoKey, equal: cryptoKeysEqual },
];

const kindByTag = { __proto__: null };
for (const kind of [...kinds, ...platformKinds]) kindByTag[kind.tag] = kind;

/** Finds the kind of `value` by its tag or, as programs can change tags, by asking each. */
function kindOf(value, tag) {
  const kind = kindByTag[tag];
  if (kind !== undefined && kind.is(value)) return kind;
  return kinds.find((candidate) => candidate.is(value));
}

function mapsEqual(a, b, mode, path) {
  collections ??= require('internal/util/compare_collections');
  return collections.mapsEqual(a, b, mode, path);
}

function setsEqual(a, b, mode, path) {
  collections ??= require('internal/util/compare_collections');
  return collections.setsEqual(a, b, mode, path);
}

function isError(value) {
  return types.isNativeError(value) || value instanceof Error;
}

function isKeyObject(value) {
  return value instanceof require('crypto').KeyObject;
}

function datesEqual(a, b) {
  return is(getTime.call(a), getTime.call(b));
}

function regExpsEqual(a, b) {
  return a.lastIndex === b.lastIndex && a.flags === b.flags && a.source === b.source;
}

function arrayBuffersEqual(a, b, mode) {
  bytes ??= require('internal/util/compare_bytes');
  return bytes.arrayBuffersEqual(a, b, mode === kPartial);
}

/** Compares the primitives in two objects of the wrapper class `Box`. */
function boxesEqual({ prototype: { valueOf } }) {
  return (a, b) => is(valueOf.call(a), valueOf.call(b));
}

function cryptoKeysEqual(a, b, mode, path) {
  const { KeyObject } = require('crypto');
  const inner = descend(a, b, path);
  return a.extractable === b.extractable &&
    valuesEqual(a.algorithm, b.algorithm, mode, inner) &&
    valuesEqual(a.usages, b.usages, mode, inner) &&
    KeyObject.from(a).equals(KeyObject.from(b));
}

/** Compares what errors keep in properties that are not enumerable. */
function errorsEqual(a, b, mode, path) {
  return hiddenPropertyEqual(a, b, 'name', mode, path) &&
    ((mode === kPartial && b.message === '') || hiddenPropertyEqual(a, b, 'message', mode, path)) &&
    causesEqual(a, b, mode, path) &&
    hiddenPropertyEqual(a, b, 'errors', mode, path);
}

/** Having a cause that is undefined and having none differ. */
function causesEqual(a, b, mode, path) {
  const isOwn = hasOwnProperty.call(b, 'cause');
  if (mode === kPartial && !isOwn && b.cause === undefined) return true;
  return hasOwnProperty.call(a, 'cause') === isOwn && hiddenPropertyEqual(a, b, 'cause', mode, path);
}

/** Enumerable properties are left to `propertiesEqual`. */
function hiddenPropertyEqual(a, b, name, mode, path) {
  const expected = b[name];
  return propertyIsEnumerable.call(b, name) ||
    (expected === undefined && mode === kPartial) ||
    valuesEqual(a[name], expected, mode, descend(a, b, path));
}

function viewsEqual(a, b, mode, path) {
  bytes ??= require('internal/util/compare_bytes');
  const name = bytes.typedArrayName(a);
  if (name !== bytes.typedArrayName(b)) return false;
  if (name === undefined) {
    return bytes.dataViewsEqual(a, b, mode === kPartial) && propertiesEqual(a, b, mode, path);
  }
  return bytes.typedArraysEqual(a, b, name, mode === kPartial, mode === kLoose) &&
    extraPropertiesEqual(a, b, mode, path);
}

function arraysEqual(a, b, mode, path) {
  if (mode === kPartial ? a.length < b.length : a.length !== b.length) return false;
  return extraPropertiesEqual(a, b, mode, path) &&
    (mode === kPartial ? isSubsequence(a, b, path) : elementsEqual(a, b, mode, path));
}

function isHole(array, index) {
  return !hasOwnProperty.call(array, index);
}

function elementsEqual(a, b, mode, path) {
  const { length } = a;
  let inner;
  for (let i = 0; i < length; i++) {
    const x = a[i];
    const y = b[i];
    if (x === y && x !== undefined && x !== 0) continue;
    if (x === undefined || y === undefined) {
      const isMissing = isHole(a, i);
      if (isMissing !== isHole(b, i)) return false;
      if (isMissing) return sparseElementsEqual(a, b, i, mode, path);
    }
    if (typeof x === 'object' && x !== null) inner ??= descend(a, b, path);
    if (!valuesEqual(x, y, mode, inner)) return false;
  }
  return true;
}

/** Compares from a hole on, by the indices that exist. */
function sparseElementsEqual(a, b, start, mode, path) {
  const indices = indicesFrom(a, start);
  if (indices.length !== indicesFrom(b, start).length) return false;
  const inner = descend(a, b, path);
  for (const index of indices) {
    if (!propertyIsEnumerable.call(b, index) || !valuesEqual(a[index], b[index], mode, inner)) return false;
  }
  return true;
}

/** Whether the elements of `b` occur in `a` in the same order; holes do not count. */
function isSubsequence(a, b, path) {
  const inner = descend(a, b, path);
  const { length } = b;
  let matched = 0;
  for (let i = 0; matched < length; i++) {
    if (length - matched > a.length - i) return false;
    const x = a[i];
    const y = b[matched];
    if ((x === undefined && isHole(a, i)) || (y === undefined && isHole(b, matched))) {
      return isSparseSubsequence(a, indicesFrom(a, i), b, indicesFrom(b, matched), inner);
    }
    if (valuesEqual(x, y, kPartial, inner)) matched++;
  }
  return true;
}

function isSparseSubsequence(a, indicesA, b, indicesB, path) {
  let matched = 0;
  for (let i = 0; i < indicesA.length && matched < indicesB.length; i++) {
    if (valuesEqual(a[indicesA[i]], b[indicesB[matched]], kPartial, path)) matched++;
  }
  return matched === indicesB.length;
}

/** The indices from `start` on at which `array` is not a hole. */
function indicesFrom(array, start) {
  return ownKeys(array).filter((key) => key >= start);
}

/** Compares own enumerable properties of arrays and typed arrays, elements apart. */
function extraPropertiesEqual(a, b, mode, path) {
  let keysA = utilBinding.getOwnNonIndexProperties(a, kOnlyEnumerable);
  let keysB = utilBinding.getOwnNonIndexProperties(b, kOnlyEnumerable);
  if (keysA.length === 0 && keysB.length === 0) return true;
  if (mode === kLoose) {
    keysA = keysA.filter(isString);
    keysB = keysB.filter(isString);
  }
  if (mode !== kPartial && keysA.length !== keysB.length) return false;
  return hasAllOf(a, b, keysB, mode, path);
}

const isString = (key) => typeof key === 'string';

/** Whether `a` has, enumerable too, the properties `keys` of `b` with equal values. */
function hasAllOf(a, b, keys, mode, path) {
  if (keys.length === 0) return true;
  const inner = descend(a, b, path);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (!propertyIsEnumerable.call(a, key) || !valuesEqual(a[key], b[key], mode, inner)) return false;
  }
  return true;
}

function propertiesEqual(a, b, mode, path) {
  const keys = ownKeys(b);
  const keysA = ownKeys(a);
  if (mode === kPartial ? keysA.length < keys.length : keysA.length !== keys.length) return false;
  if (mode !== kLoose && !symbolPropertiesEqual(a, b, mode, path)) return false;

  let inner;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (key !== keysA[i] && !propertyIsEnumerable.call(a, key)) return false;
    const x = a[key];
    const y = b[key];
    if (x === y && x !== 0) continue;
    if (typeof x === 'object' && x !== null) inner ??= descend(a, b, path);
    if (!valuesEqual(x, y, mode, inner)) return false;
  }
  return true;
}

function symbolPropertiesEqual(a, b, mode, path) {
  const symbolsA = getOwnPropertySymbols(a);
  const symbolsB = getOwnPropertySymbols(b);
  if (symbolsA.length === 0 && symbolsB.length === 0) return true;
  const isEnumerableInB = (symbol) => propertyIsEnumerable.call(b, symbol);
  const keys = symbolsB.filter(isEnumerableInB);
  if (mode !== kPartial) {
    const isEnumerableInA = (symbol) => propertyIsEnumerable.call(a, symbol);
    if (symbolsA.filter(isEnumerableInA).length !== keys.length) return false;
  }
  return hasAllOf(a, b, keys, mode, path);
}

/**
 * What `assert.deepEqual` asks.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
exports.isDeepEqual = function isDeepEqual(a, b) {
  return valuesEqual(a, b, kLoose, undefined);
};

/**
 * What `assert.deepStrictEqual` asks.
 * @param {unknown} a
 * @param {unknown} b
 * @param {boolean} [skipPrototype] Whether objects of different prototypes may be equal.
 * @returns {boolean}
 */
exports.isDeepStrictEqual = function isDeepStrictEqual(a, b, skipPrototype) {
  return valuesEqual(a, b, skipPrototype ? kStrictWithoutPrototype : kStrict, undefined);
};

/**
 * What `assert.partialDeepStrictEqual` asks: whether everything in `b` is in `a` too.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
exports.isPartialStrictEqual = function isPartialStrictEqual(a, b) {
  return valuesEqual(a, b, kPartial, undefined);
};
