// `util.types`: what kind of built-in object a value is, whatever its realm and its prototype.
'use strict';

const keyChecks = require('internal/util/key_checks');

const binding = internalBinding('types');

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const { get: getTypedArrayTag } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, Symbol.toStringTag);

/** The class name of a typed array; undefined for everything else. */
const typedArrayName = Function.prototype.call.bind(getTypedArrayTag);

const types = {
  isArgumentsObject: binding.isArgumentsObject,
  isArrayBuffer: binding.isArrayBuffer,
  isAsyncFunction: binding.isAsyncFunction,
  isBigIntObject: binding.isBigIntObject,
  isBooleanObject: binding.isBooleanObject,
  isDate: binding.isDate,
  isExternal: binding.isExternal,
  isGeneratorFunction: binding.isGeneratorFunction,
  isGeneratorObject: binding.isGeneratorObject,
  isMap: binding.isMap,
  isMapIterator: binding.isMapIterator,
  isModuleNamespaceObject: binding.isModuleNamespaceObject,
  isNativeError: binding.isNativeError,
  isNumberObject: binding.isNumberObject,
  isPromise: binding.isPromise,
  isProxy: binding.isProxy,
  isRegExp: binding.isRegExp,
  isSet: binding.isSet,
  isSetIterator: binding.isSetIterator,
  isSharedArrayBuffer: binding.isSharedArrayBuffer,
  isStringObject: binding.isStringObject,
  isSymbolObject: binding.isSymbolObject,
  isWeakMap: binding.isWeakMap,
  isWeakSet: binding.isWeakSet,
  isAnyArrayBuffer: binding.isAnyArrayBuffer,
  isBoxedPrimitive: binding.isBoxedPrimitive,

  /** @returns {boolean} whether a value is a typed array or a `DataView` */
  isArrayBufferView: ArrayBuffer.isView,
  isDataView: binding.isDataView,
  isTypedArray(value) {
    return typedArrayName(value) !== undefined;
  },
  isUint8Array(value) {
    return typedArrayName(value) === 'Uint8Array';
  },
  isUint8ClampedArray(value) {
    return typedArrayName(value) === 'Uint8ClampedArray';
  },
  isUint16Array(value) {
    return typedArrayName(value) === 'Uint16Array';
  },
  isUint32Array(value) {
    return typedArrayName(value) === 'Uint32Array';
  },
  isInt8Array(value) {
    return typedArrayName(value) === 'Int8Array';
  },
  isInt16Array(value) {
    return typedArrayName(value) === 'Int16Array';
  },
  isInt32Array(value) {
    return typedArrayName(value) === 'Int32Array';
  },
  isFloat16Array(value) {
    return typedArrayName(value) === 'Float16Array';
  },
  isFloat32Array(value) {
    return typedArrayName(value) === 'Float32Array';
  },
  isFloat64Array(value) {
    return typedArrayName(value) === 'Float64Array';
  },
  isBigInt64Array(value) {
    return typedArrayName(value) === 'BigInt64Array';
  },
  isBigUint64Array(value) {
    return typedArrayName(value) === 'BigUint64Array';
  },
};

Object.defineProperties(types, {
  isKeyObject: {
    enumerable: true,
    value: function isKeyObject(value) {
      return keyChecks.isKeyObject(value);
    },
  },
  isCryptoKey: {
    enumerable: true,
    value: function isCryptoKey(value) {
      return keyChecks.isCryptoKey(value);
    },
  },
});

module.exports = types;
