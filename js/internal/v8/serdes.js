// The engine's format for values: `Serializer` and `Deserializer`, and how buffers and views travel in it.
'use strict';

const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const binding = internalBinding('v8');

const { Serializer: Writer, Deserializer: Reader } = binding;

function calledWithoutNew(name) {
  const error = new TypeError(`Class constructor ${name} cannot be invoked without 'new'`);
  error.code = 'ERR_CONSTRUCT_CALL_REQUIRED';
  return error;
}

/** Writes values. Subclasses bring the hooks `_writeHostObject`, `_getDataCloneError` and others. */
function Serializer() {
  if (new.target === undefined) throw calledWithoutNew('Serializer');
  return Reflect.construct(Writer, [], new.target);
}

/** Reads values. */
function Deserializer(buffer) {
  if (new.target === undefined) throw calledWithoutNew('Deserializer');
  const deserializer = Reflect.construct(Reader, [], new.target);
  Reflect.apply(start, deserializer, [buffer]);
  deserializer.buffer = buffer;
  return deserializer;
}

const { releaseBuffer, writeUint32, setViewsAreHostObjects } = Writer.prototype;
const { start, readRawBytes } = Reader.prototype;

/** Gives `prototype` the methods of a native class under their public names, in their order. */
function adopt(constructor, methods) {
  const prototype = {};
  for (const [name, method] of Object.entries(methods)) prototype[name] = method;
  Object.defineProperty(prototype, 'constructor', {
    value: constructor, writable: true, enumerable: false, configurable: true,
  });
  constructor.prototype = prototype;
}

adopt(Serializer, {
  writeHeader: Writer.prototype.writeHeader,
  writeValue: Writer.prototype.writeValue,
  releaseBuffer() {
    const { buffer, byteOffset, byteLength } = Reflect.apply(releaseBuffer, this, []);
    return new FastBuffer(buffer, byteOffset, byteLength);
  },
  transferArrayBuffer: Writer.prototype.transferArrayBuffer,
  writeUint32,
  writeUint64: Writer.prototype.writeUint64,
  writeDouble: Writer.prototype.writeDouble,
  writeRawBytes: Writer.prototype.writeRawBytes,
  _setTreatArrayBufferViewsAsHostObjects: setViewsAreHostObjects,
});
Serializer.prototype._getDataCloneError = Error;

adopt(Deserializer, {
  readHeader: Reader.prototype.readHeader,
  readValue: Reader.prototype.readValue,
  getWireFormatVersion: Reader.prototype.getWireFormatVersion,
  transferArrayBuffer: Reader.prototype.transferArrayBuffer,
  readUint32: Reader.prototype.readUint32,
  readUint64: Reader.prototype.readUint64,
  readDouble: Reader.prototype.readDouble,
  _readRawBytes: readRawBytes,
});
Deserializer.prototype.readRawBytes = function readRawBytes(length) {
  const offset = this._readRawBytes(length);
  const { buffer, byteOffset } = this.buffer;
  return new FastBuffer(buffer, byteOffset + offset, length);
};

/** The classes of views by their number in the format. */
const views = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
  Float64Array, DataView, FastBuffer, BigInt64Array, BigUint64Array,
];

/** V8 gives contexts this class only when they are not to be kept in a snapshot. */
const FLOAT16 = views.length;

const BUFFER = views.indexOf(FastBuffer);
const numbers = new Map(views.map((view, index) => [view.name, index]));
numbers.delete('FastBuffer');
numbers.set('Float16Array', FLOAT16);

/** @returns {number | undefined} the number of the class of a view */
function numberOfView(view) {
  if (view instanceof Buffer) return BUFFER;
  const name = ArrayBuffer.isView(view) ? tagOf(view) : undefined;
  return numbers.get(name);
}

const typedArrayTag =
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

function tagOf(view) {
  return Reflect.apply(typedArrayTag, view, []) ?? 'DataView';
}

/** As `serialize` uses it: buffers and views keep their class. */
class DefaultSerializer extends Serializer {
  constructor() {
    super();
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }

  /** @param {ArrayBufferView} view */
  _writeHostObject(view) {
    const number = numberOfView(view);
    if (number === undefined) {
      const { inspect } = require('internal/util/inspect');
      throw new this._getDataCloneError(`Unserializable host object: ${inspect(view)}`);
    }
    this.writeUint32(number);
    this.writeUint32(view.byteLength);
    this.writeRawBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }
}

/** Reads what `DefaultSerializer` has written. */
class DefaultDeserializer extends Deserializer {
  /** @returns {ArrayBufferView} over the memory that is read, where its alignment allows it */
  _readHostObject() {
    const number = this.readUint32();
    const View = number === FLOAT16 ? Float16Array : views[number];
    const byteLength = this.readUint32();
    const byteOffset = this._readRawBytes(byteLength);
    const size = View.BYTES_PER_ELEMENT || 1;
    const { buffer } = this.buffer;
    const start = this.buffer.byteOffset + byteOffset;
    if (start % size === 0) return new View(buffer, start, byteLength / size);
    return new View(buffer.slice(start, start + byteLength), 0, byteLength / size);
  }
}

/**
 * @param {any} value
 * @returns {Buffer}
 */
function serialize(value) {
  const serializer = new DefaultSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/**
 * @param {ArrayBufferView} buffer
 * @returns {any}
 */
function deserialize(buffer) {
  const deserializer = new DefaultDeserializer(buffer);
  deserializer.readHeader();
  return deserializer.readValue();
}

module.exports = {
  DefaultDeserializer, DefaultSerializer, Deserializer, Serializer, deserialize, numberOfView, serialize, views,
};
