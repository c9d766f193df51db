// `--frozen-intrinsics`: what belongs to the language, and the console and the timers, cannot be changed any more.
'use strict';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply, ownKeys } = Reflect;
const { toString } = Object.prototype;

/** Globals that are frozen with all that they lead to. */
const kRoots = [
  'AggregateError', 'Array', 'ArrayBuffer', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date',
  'Error', 'EvalError', 'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'Function', 'Int16Array',
  'Int32Array', 'Int8Array', 'Intl', 'Iterator', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError',
  'ReferenceError', 'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'Symbol', 'SyntaxError', 'Temporal',
  'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet',
  'WebAssembly', 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'isFinite',
  'isNaN', 'parseFloat', 'parseInt', 'unescape',
];

/** Globals that are frozen alone, with their methods: they lead to what must go on changing. */
const kTools = [
  'clearImmediate', 'clearInterval', 'clearTimeout', 'console', 'setImmediate', 'setInterval', 'setTimeout',
];

/** Objects of the language that no global leads to. */
function hidden() {
  const iterators = [[], '', new Map(), new Set(), new Uint8Array()].map((value) => value[Symbol.iterator]());
  return [
    ...iterators, function* () {}, async function* () {}, async () => {}, /./[Symbol.matchAll](''),
  ].map(getPrototypeOf);
}

/** All objects that can be reached from the roots. */
function reach(roots) {
  const found = new Set();
  const waiting = [...roots];
  const add = (value) => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (isObject && !found.has(value)) waiting.push(value);
  };
  while (waiting.length > 0) {
    const object = waiting.pop();
    if (found.has(object)) continue;
    found.add(object);
    add(getPrototypeOf(object));
    for (const key of ownKeys(object)) {
      const { get, set, value } = getOwnPropertyDescriptor(object, key);
      add(get);
      add(set);
      add(value);
    }
  }
  return found;
}

/** Lets objects that inherit a property have one of their own by assignment, though it is frozen where it comes from. */
function allowOverride(owner, key, { enumerable, value }) {
  function getter() {
    return value;
  }
  getter.value = value;
  function setter(next) {
    if (owner === this) {
      throw new TypeError(`Cannot assign to read only property '${String(key)}' of object '${apply(toString, owner, [])}'`);
    }
    if (Object.hasOwn(this, key)) {
      this[key] = next;
    } else {
      Object.defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
    }
  }
  Object.defineProperty(owner, key, { get: getter, set: setter, enumerable, configurable: false });
}

function isPrototype(object) {
  if (typeof object === 'function') return object === Function.prototype;
  const constructor = getOwnPropertyDescriptor(object, 'constructor')?.value;
  return typeof constructor === 'function' && constructor.prototype === object;
}

/** How many frames stacks have stays the program's and this layer's to say. */
function freezeError() {
  for (const key of ownKeys(Error)) {
    const descriptor = getOwnPropertyDescriptor(Error, key);
    if (key !== 'stackTraceLimit' && descriptor.configurable) {
      const fixed = 'value' in descriptor ? { writable: false, configurable: false } : { configurable: false };
      Object.defineProperty(Error, key, fixed);
    }
  }
  Object.preventExtensions(Error);
}

/** Freezes. */
function freeze() {
  process.emitWarning(
    'Frozen intristics is an experimental feature and might change at any time', 'ExperimentalWarning');
  const roots = kRoots.map((name) => globalThis[name]).filter((value) => value !== undefined);
  const objects = reach([...roots, ...hidden()]);
  for (const object of objects) {
    if (!isPrototype(object)) continue;
    for (const key of ownKeys(object)) {
      const descriptor = getOwnPropertyDescriptor(object, key);
      if ('value' in descriptor && descriptor.configurable) allowOverride(object, key, descriptor);
    }
  }
  objects.delete(Error);
  objects.delete(globalThis);
  objects.delete(process);
  objects.forEach(Object.freeze);
  for (const name of kTools) {
    const tool = globalThis[name];
    if (typeof tool === 'object') Object.values(tool).filter((value) => typeof value === 'function').forEach(Object.freeze);
    Object.freeze(tool);
  }
  freezeError();
  Object.defineProperty(globalThis, 'globalThis', { writable: false, configurable: false });
}

module.exports = { freeze };
